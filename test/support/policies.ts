/** A policy document of one statement; `over` adds to it or replaces parts of it. */
export function policyText(over: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', ...over }] });
}

/** A trust policy of one statement. */
export function trustText(principal: unknown, over: Readonly<Record<string, unknown>> = {}): string {
  const statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...over };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** Lets the Lambda service assume a role. */
export const lambdaTrust = trustText({ Service: 'lambda.amazonaws.com' });

/** Lets everybody in the sandbox's own account assume a role whose policies allow it. */
export const accountTrust = trustText({ AWS: '000000000000' });
