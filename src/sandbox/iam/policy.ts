import { type Condition, holds } from './condition.ts';
import { matches, type Pattern, type RequestKeys } from './pattern.ts';

/** A policy document that was read and found valid (`parsePolicy`). */
export interface Policy {
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** In lower case: actions do not distinguish case. */
  readonly actions: Selection;
  /** Absent in trust policies, which are about the role that they belong to. */
  readonly resources: Selection | undefined;
  /** Whom it is about. Absent in the policies of an identity, which are about their bearer. */
  readonly principals: PrincipalSelection | undefined;
  readonly conditions: readonly Condition[];
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Selection {
  /** The `Not…` form: everything but these. */
  readonly except: boolean;
  readonly patterns: readonly Pattern[];
}

/** `Principal` or `NotPrincipal`. */
export interface PrincipalSelection {
  readonly except: boolean;
  /** Account ids, ARNs, or `*`. */
  readonly aws: readonly string[];
  /** `lambda.amazonaws.com`. */
  readonly service: readonly string[];
  readonly federated: readonly string[];
}

/** Who asks, as a trust policy may name them. */
type Caller =
  /** `names`: the caller's ARNs, and the account where an account's name is to count as well. */
  { readonly kind: 'aws'; readonly names: readonly string[] } | { readonly kind: 'service'; readonly service: string };

/** What is to be decided. */
export interface AccessRequest {
  /** `kinesis:GetRecords`; case does not matter. */
  readonly action: string;
  /** An ARN, whose case matters, or `*` where the action has no resource. */
  readonly resource: string;
  readonly keys: RequestKeys;
  /** Needed where the policies name principals. */
  readonly caller?: Caller;
}

/** Condition keys of a request: those that the service adds to what is known of the caller (`iam:PassedToService`). */
export type ServiceKeys = Readonly<Record<string, string | readonly string[]>>;

export type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** IAM's evaluation of the policies of one kind: a Deny that applies wins, then an Allow that applies, otherwise the answer is no. */
export function evaluate(policies: readonly Policy[], request: AccessRequest): Decision {
  let decision: Decision = 'implicitDeny';
  for (const policy of policies) {
    for (const statement of policy.statements) {
      if (!applies(statement, request)) continue;
      if (statement.effect === 'Deny') return 'explicitDeny';
      decision = 'allowed';
    }
  }
  return decision;
}

/** Whether a statement is about the request. */
export function applies(statement: Statement, request: AccessRequest): boolean {
  return (
    selects(statement.actions, request.action.toLowerCase(), request.keys) &&
    (statement.resources === undefined || selects(statement.resources, request.resource, request.keys)) &&
    (statement.principals === undefined || selectsPrincipal(statement.principals, request.caller)) &&
    statement.conditions.every((condition) => holds(condition, request.keys))
  );
}

function selects(selection: Selection, text: string, keys: RequestKeys): boolean {
  return selection.patterns.some((pattern) => matches(pattern, text, keys)) !== selection.except;
}

function selectsPrincipal(selection: PrincipalSelection, caller: Caller | undefined): boolean {
  if (caller === undefined) return false;
  const named =
    caller.kind === 'service'
      ? selection.service.includes(caller.service)
      : selection.aws.includes('*') || caller.names.some((name) => selection.aws.includes(name));
  return named !== selection.except;
}
