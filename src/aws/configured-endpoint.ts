import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';
import type { Environment, Profile } from './shared-files.ts';

// The names that the services of labs have in `AWS_ENDPOINT_URL_<NAME>` (AWS SDKs and Tools Reference Guide, "Service-specific endpoints").
const endpointNames = ['KINESIS', 'LAMBDA', 'IAM', 'STS', 'CLOUDWATCH_LOGS', 'SQS', 'S3', 'FIREHOSE', 'EVENTBRIDGE'];

/** Variables that lead AWS programs elsewhere than `AWS_ENDPOINT_URL`, whatever that says. */
export const endpointVariables: readonly string[] = [
  ...endpointNames.map((name) => `AWS_ENDPOINT_URL_${name}`),
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
];

/**
 * Where the environment and the profile lead AWS programs; `undefined` for AWS itself.
 * @throws {UserError} when they lead one service elsewhere than the others: a lab, its account and its costs are in one place.
 */
export function configuredEndpoint(env: Environment, { settings, services }: Profile): string | undefined {
  const ignored = env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] || settings['ignore_configured_endpoint_urls'];
  if (ignored?.toLowerCase() === 'true') return undefined;
  const general = env['AWS_ENDPOINT_URL'] || settings['endpoint_url'];
  for (const name of endpointNames) {
    const variable = `AWS_ENDPOINT_URL_${name}`;
    const setting = `${name.toLowerCase()}.endpoint_url`;
    // A variable for all services comes before what a profile says of one.
    const own = env[variable] || (env['AWS_ENDPOINT_URL'] ? undefined : services[setting]);
    if (own === undefined || own === general) continue;
    const source = env[variable] ? variable : `${setting} of the profile`;
    throw new UserError(`${source} leads to ${own}, and the other services are at ${general ?? 'AWS'}.`, {
      exitCode: ExitCode.couldNotRun,
      hint: `A lab works in one place. Take it away${env[variable] ? ` (unset ${variable})` : ''}, or name the place with --target.`,
    });
  }
  return general;
}
