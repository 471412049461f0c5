import type { ContextEntry, EvaluationResult, PolicySourceType } from '@aws-sdk/client-iam';
import { AwsError } from '../error.ts';
import { refuseUnsupportedMembers } from '../not-implemented.ts';
import type { RequestContext } from '../operation.ts';
import { paging, policyDocument } from './constraints.ts';
import { contextKeysOf } from './context-keys.ts';
import type { PolicyDocument, Role } from './entity.ts';
import { page } from './page.ts';
import { type AccessRequest, applies, evaluate } from './policy.ts';
import { parsePolicy } from './policy-document.ts';
import { noSuchEntity } from './refusals.ts';
import { findRole } from './state.ts';
import { type StatementPlace, statementPlaces } from './statement-places.ts';

/** A policy that takes part in a simulation, and what the answer calls it. */
export interface SimulatedPolicy {
  readonly id: string;
  readonly document: PolicyDocument;
}

/** What both operations that simulate ask. */
interface SimulationRequest {
  readonly PolicyInputList?: string[] | undefined;
  readonly ActionNames: string[] | undefined;
  readonly ResourceArns?: string[] | undefined;
  readonly ContextEntries?: ContextEntry[] | undefined;
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

export const simulationConstraints = {
  PermissionsBoundaryPolicyInputList: { each: policyDocument },
  PolicyInputList: { each: policyDocument },
  ActionNames: { required: true, each: { maxLength: 128, minLength: 3 } },
  ResourceArns: { each: { maxLength: 2048, minLength: 1 } },
  ...paging,
} as const;

/**
 * What would be answered to each action on each resource (IAM API reference, SimulatePrincipalPolicy).
 * @param policies what counts besides the policies of the request
 * @param boundaries what bounds them, if anything does
 */
export function simulate(
  operation: string,
  input: SimulationRequest,
  policies: readonly SimulatedPolicy[],
  boundaries: readonly PolicyDocument[] | undefined,
) {
  refuseUnsupportedMembers(`iam:${operation}`, input, ['ResourcePolicy', 'ResourceOwner', 'CallerArn', 'ResourceHandlingOption']);
  const given = (input.PolicyInputList ?? []).map((text, index) => ({
    id: `PolicyInputList.${index + 1}`,
    document: identityDocument(text),
  }));
  const simulated = [...policies, ...given];
  const keys = new Map(
    (input.ContextEntries ?? []).map(({ ContextKeyName = '', ContextKeyValues = [] }) => [ContextKeyName.toLowerCase(), ContextKeyValues]),
  );
  const missing = contextKeysOf(simulated.map(({ document }) => document)).filter((key) => !keys.has(key.toLowerCase()));
  const questions = (input.ActionNames ?? []).flatMap((action) =>
    (input.ResourceArns ?? ['*']).map((resource): AccessRequest => ({ action: checkedAction(action), resource, keys })),
  );
  const byResource = input.ResourceArns !== undefined;
  const results = questions.map((question) => result(question, simulated, boundaries, { missing, byResource }));
  const order = new Map(results.map((one, index) => [one, String(index).padStart(6, '0')]));
  const { items, ...rest } = page(results, input, (one) => order.get(one) ?? '');
  return { EvaluationResults: items, ...rest };
}

/** @throws {AwsError} MalformedPolicyDocument */
export function identityDocument(text: string): PolicyDocument {
  return { text, policy: parsePolicy(text, 'identity') };
}

/** The role whose policies a simulation is about. The text for an ARN that is no role's is unverified. @throws {AwsError} */
export function simulatedRole(arn: string, { cloud, account }: RequestContext): Role {
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

function result(
  question: AccessRequest,
  simulated: readonly SimulatedPolicy[],
  boundaries: readonly PolicyDocument[] | undefined,
  { missing, byResource }: { readonly missing: readonly string[]; readonly byResource: boolean },
): EvaluationResult {
  const decide = (documents: readonly PolicyDocument[]) =>
    evaluate(
      documents.map(({ policy }) => policy),
      question,
    );
  const identity = decide(simulated.map(({ document }) => document));
  const bounded = boundaries === undefined ? 'allowed' : decide(boundaries);
  const decision = identity === 'allowed' ? bounded : identity;
  const matched = simulated.flatMap((policy) => matchedStatements(policy, question, decision === 'explicitDeny'));
  const bounds =
    boundaries === undefined ? {} : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: bounded === 'allowed' } };
  return {
    EvalActionName: question.action,
    EvalResourceName: question.resource,
    EvalDecision: decision,
    MatchedStatements: matched,
    // Where resources are named, they are told of each of these (IAM API reference, EvaluationResult).
    MissingContextValues: byResource ? [] : [...missing],
    EvalDecisionDetails: {},
    ...bounds,
    ...(byResource && {
      ResourceSpecificResults: [
        {
          EvalResourceName: question.resource,
          EvalResourceDecision: decision,
          MatchedStatements: matched,
          MissingContextValues: [...missing],
          ...bounds,
        },
      ],
    }),
  };
}

// What is answered is none of the words that the API model has (recorded from IAM).
const sourceType = 'IAM Policy' as PolicySourceType;

/** The statements of a policy that a decision comes from. */
function matchedStatements({ id, document }: SimulatedPolicy, question: AccessRequest, denied: boolean) {
  const relevant = document.policy.statements.map((statement) => applies(statement, question) && (!denied || statement.effect === 'Deny'));
  if (!relevant.includes(true)) return [];
  return statementPlaces(document.text)
    .filter((_, index) => relevant[index] === true)
    .map((place: StatementPlace) => ({ SourcePolicyId: id, SourcePolicyType: sourceType, ...place }));
}
