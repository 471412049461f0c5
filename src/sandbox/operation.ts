import type { InputOf, OperationName, OutputOf, ServiceName } from '../util/sdk.ts';
import type { Cloud, Scope } from './cloud.ts';
import type { CallFault } from './fault.ts';
import type { Policy, ServiceKeys } from './iam/policy.ts';
import type { WithReadyMembers } from './protocols/ready-json.ts';
import type { RequestHead } from './wire.ts';

/** Who makes a request. */
export interface Principal {
  /** `root` may do everything in its account; an `assumed-role` may do what its role's policies allow. */
  readonly kind: 'root' | 'assumed-role';
  readonly account: string;
  /** `arn:aws:iam::000000000000:root`, `arn:aws:sts::000000000000:assumed-role/<role>/<session>`. */
  readonly arn: string;
  /** As GetCallerIdentity prints it: the account id, or `AROA…:<session>`. */
  readonly userId: string;
  /** Of an assumed role. */
  readonly roleName?: string;
  /** The policy documents that AssumeRole was given to narrow the session down. */
  readonly sessionPolicies?: readonly string[];
  /** The tags that AssumeRole was given, and those of the session that called it which go on. */
  readonly sessionTags?: Readonly<Record<string, string>>;
  /** Those of them that go on when the session assumes a role. */
  readonly transitiveTags?: Readonly<Record<string, string>>;
  /** What conditions of policies can ask about every request of the session: `aws:TokenIssueTime`. */
  readonly sessionKeys?: ServiceKeys;
}

/** The root user of an account. */
export function rootOf(account: string): Principal {
  return { kind: 'root', account, arn: `arn:aws:iam::${account}:root`, userId: account };
}

/** What a handler is given besides its input: whose account and region, when, and everything that exists. */
export interface RequestContext extends Scope {
  readonly cloud: Cloud;
  readonly principal: Principal;
  readonly requestId: string;
  /** By their names in lower case. */
  readonly headers: RequestHead['headers'];
  /** Where the client reaches this sandbox, by the name that it uses: `http://127.0.0.1:4567`. */
  readonly endpoint: string;
  /** What the sandbox was told to do wrong with this request, for operations that know how. */
  readonly fault?: CallFault['kind'];
  /**
   * Waits for something that may take long (a message in a queue). Meanwhile the request does not count as work, and a
   * clock that jumps over idle time may jump. The signal aborts when the client has gone or the sandbox stops.
   */
  readonly wait: <T>(until: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** Aborts when the client has gone or the sandbox stops: for answers that go on after the handler is done. */
  readonly over: () => AbortSignal;
}

/** A limit that AWS's model puts on one member, checked before the handler runs, in this order. */
export interface Constraint {
  readonly required?: true;
  readonly pattern?: RegExp;
  /** As AWS prints it, where the text differs from the expression. */
  readonly patternText?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
  /** Of a list or a map: the constraint on each element. */
  readonly each?: Constraint;
  /** Of a map: the constraint on each key. */
  readonly keys?: Constraint;
  /** Of a structure: the constraints on its members. */
  readonly members?: Readonly<Record<string, Constraint>>;
  /** AWS does not print the value that breaks it. */
  readonly unprinted?: true;
  /** Of a structure: the name of its class, where AWS prints that in place of its members. */
  readonly javaClass?: string;
}

/** A second permission that a request needs. */
export interface Besides {
  readonly action: string;
  /** An ARN; absent for the resources of the operation itself. */
  readonly resource?: string;
  /** What conditions of policies can ask about it. */
  readonly keys?: ServiceKeys;
}

/** One operation: what its input must fulfil, what IAM is asked, and what it does. One file each. */
export interface Operation<Input, Output> {
  readonly constraints?: { readonly [Member in keyof Input]?: Constraint };
  /** The IAM action where it is not `<service>:<operation>`. */
  readonly action?: string;
  /** The ARNs that IAM is asked about; `*` for operations that have none. Absent: no permission is needed (sts:GetCallerIdentity). */
  readonly resources?: (input: Input, context: RequestContext) => readonly string[];
  /** What conditions of policies can ask about this request, besides what they can ask about every one: `s3:prefix`. */
  readonly conditionKeys?: (input: Input, context: RequestContext) => ServiceKeys;
  /** What IAM is asked besides, because of what the input asks for besides: tags, a role that is passed to a service. */
  readonly besides?: (input: Input) => readonly Besides[];
  /** The policy that is attached to a resource itself, where the service has such policies. */
  readonly resourcePolicy?: (resource: string, context: RequestContext) => Policy | undefined;
  /** @throws {AwsError} */
  handle(input: Input, context: RequestContext): Output | Promise<Output>;
}

export type OperationOf<Service extends ServiceName, Name extends OperationName<Service>> = Operation<
  InputOf<Service, Name>,
  Service extends JsonService ? WithReadyMembers<OutputOf<Service, Name>> : OutputOf<Service, Name>
>;

/** Those that answer in AWS JSON. */
type JsonService = 'kinesis' | 'logs' | 'sqs' | 'firehose' | 'events';

/** The operations of a service that the sandbox has. All others that AWS has are refused by name. */
export type Operations<Service extends ServiceName> = {
  readonly [Name in OperationName<Service>]?: OperationOf<Service, Name>;
};
