import type { EvaluationResult } from '@aws-sdk/client-iam';
import { AwsError } from '../error.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { paging, policyDocument } from './constraints.ts';
import { currentDocument, type Role } from './entity.ts';
import { page } from './page.ts';
import type { RequestKeys } from './pattern.ts';
import { type AccessRequest, applies, evaluate, type Policy } from './policy.ts';
import { parsePolicy } from './policy-document.ts';
import { noSuchEntity } from './refusals.ts';
import { findRole, iamState } from './state.ts';

interface Source {
  readonly id: string;
  readonly type: 'role' | 'aws-managed' | 'user-managed' | 'none';
  readonly policy: Policy;
}

/** What a role could do, asked without doing it. Where a statement lies in its document is not told. */
export const simulatePrincipalPolicy: OperationOf<'iam', 'SimulatePrincipalPolicy'> = {
  constraints: {
    PolicySourceArn: { required: true, maxLength: 2048, minLength: 20 },
    PolicyInputList: { each: { ...policyDocument } },
    ActionNames: { required: true, each: { maxLength: 128, minLength: 3 } },
    ResourceArns: { each: { maxLength: 2048, minLength: 1 } },
    ...paging,
  },
  resources: ({ PolicySourceArn }) => [PolicySourceArn ?? ''],
  handle(input, context) {
    const role = simulatedRole(input.PolicySourceArn ?? '', context);
    const iam = iamState(context.cloud, context.account);
    const given = (input.PolicyInputList ?? []).map(
      (text, index): Source => ({ id: `PolicyInputList.${index + 1}`, type: 'none', policy: parsePolicy(text, 'identity') }),
    );
    const sources: Source[] = [...iam.policiesOf(role), ...given];
    const keys: RequestKeys = new Map(
      (input.ContextEntries ?? []).map(({ ContextKeyName = '', ContextKeyValues = [] }) => [
        ContextKeyName.toLowerCase(),
        ContextKeyValues,
      ]),
    );
    const boundaries = boundariesOf(role, input.PermissionsBoundaryPolicyInputList, context);
    const questions = (input.ActionNames ?? []).flatMap((action) =>
      (input.ResourceArns ?? ['*']).map((resource): AccessRequest => ({ action: checkedAction(action), resource, keys })),
    );
    const results = questions.map((question) => result(question, sources, boundaries));
    const order = new Map(results.map((one, index) => [one, String(index).padStart(6, '0')]));
    const { items, ...rest } = page(results, input, (one) => order.get(one) ?? '');
    return { EvaluationResults: items, ...rest };
  },
};

/** The text for an ARN that is no role's is unverified. */
function simulatedRole(arn: string, { cloud, account }: RequestContext): Role {
  if (!/^arn:aws:iam::\d{12}:role\/\S+$/.test(arn))
    throw new AwsError('InvalidInput', `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  const role = arn.split(':')[4] === account ? findRole(cloud, arn) : undefined;
  if (role === undefined) throw noSuchEntity(`The role with name ${arn.split('/').at(-1) ?? ''} cannot be found.`);
  return role;
}

function checkedAction(action: string): string {
  if (/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) return action;
  throw new AwsError('InvalidInput', `Invalid Action: ${action}. Actions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.`);
}

function boundariesOf(role: Role, given: readonly string[] | undefined, { cloud, account }: RequestContext): Policy[] | undefined {
  if (given !== undefined) return given.map((text) => parsePolicy(text, 'identity'));
  const policy = role.boundary === undefined ? undefined : iamState(cloud, account).findPolicy(role.boundary);
  return policy === undefined ? undefined : [currentDocument(policy).policy];
}

function result(question: AccessRequest, sources: readonly Source[], boundaries: readonly Policy[] | undefined): EvaluationResult {
  const identity = evaluate(
    sources.map(({ policy }) => policy),
    question,
  );
  const bounded = boundaries === undefined ? 'allowed' : evaluate(boundaries, question);
  const decision = identity === 'allowed' ? bounded : identity;
  const matched = sources.flatMap(({ id, type, policy }) =>
    policy.statements
      .filter((statement) => applies(statement, question) && (decision !== 'explicitDeny' || statement.effect === 'Deny'))
      .map(() => ({ SourcePolicyId: id, SourcePolicyType: type })),
  );
  return {
    EvalActionName: question.action,
    EvalResourceName: question.resource,
    EvalDecision: decision,
    MatchedStatements: matched,
    MissingContextValues: missingKeys(question, sources),
    ...(boundaries === undefined ? {} : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: bounded === 'allowed' } }),
  };
}

/** The condition keys that the policies ask for in statements about the action, and that no value was given for. */
function missingKeys(question: AccessRequest, sources: readonly Source[]): string[] {
  const asked = sources
    .flatMap(({ policy }) => policy.statements)
    .filter((statement) => applies({ ...statement, conditions: [] }, question))
    .flatMap(({ conditions }) => conditions.map(({ key }) => key));
  return [...new Set(asked)].filter((key) => !question.keys.has(key));
}
