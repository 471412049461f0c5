import type { Cloud } from '../../cloud.ts';
import { parseOperator } from '../../iam/condition.ts';
import { parsePattern, type RequestKeys } from '../../iam/pattern.ts';
import { evaluate, type Policy, type Statement } from '../../iam/policy.ts';
import { findRole } from '../../iam/state.ts';
import { conflict, invalidParameter, notFound } from '../error.ts';

/** What AddPermission adds to a function's policy. */
export interface Permission {
  readonly sid: string;
  /** `lambda:InvokeFunction` */
  readonly action: string;
  readonly principal: PermittedPrincipal;
  /** The ARN, with `*` and `?`, of what the service must act for: a rule. */
  readonly sourceArn: string | undefined;
  readonly sourceAccount: string | undefined;
}

/** Everybody, a service (`events.amazonaws.com`), or the ARN of a role or of an account's root. */
type PermittedPrincipal = '*' | { readonly Service: string } | { readonly AWS: string };

/** What a service says of itself when it asks. */
interface ServiceCaller {
  /** `events.amazonaws.com` */
  readonly service: string;
  /** The ARN of what it acts for. */
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

/** Who may use a function besides those whose own policies let them: the policy that AddPermission writes and GetPolicy shows. */
export class ResourcePolicy {
  readonly #functionArn: string;
  readonly #permissions = new Map<string, Permission>();
  /** Of what it belongs to, as it was when a permission came or went last; later ones are none of the policy (recorded from Lambda). */
  revisionId: string | undefined;

  constructor(functionArn: string) {
    this.#functionArn = functionArn;
  }

  get empty(): boolean {
    return this.#permissions.size === 0;
  }

  /** @throws {AwsError} when a permission has this id already. */
  add(permission: Permission): void {
    if (this.#permissions.has(permission.sid)) {
      throw conflict(
        `The statement id (${permission.sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    }
    this.#permissions.set(permission.sid, permission);
  }

  /** @throws {AwsError} when there is no permission with this id. */
  remove(sid: string): void {
    if (this.empty) throw notFound('No policy is associated with the given resource.');
    if (!this.#permissions.delete(sid)) throw notFound(`Statement ${sid} is not found in resource policy.`);
  }

  /** The policy document as GetPolicy answers it. */
  get text(): string {
    const statements = [...this.#permissions.values()].map((permission) => statementOf(permission, this.#functionArn));
    return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
  }

  /** A permission as AddPermission answers it. */
  statementText(permission: Permission): string {
    return JSON.stringify(statementOf(permission, this.#functionArn));
  }

  /** As IAM evaluates it. */
  get policy(): Policy {
    return { statements: [...this.#permissions.values()].map((permission) => parsed(permission, this.#functionArn)) };
  }

  /** Whether a service may invoke the function. */
  lets({ service, sourceArn, sourceAccount }: ServiceCaller): boolean {
    const keys: RequestKeys = new Map([
      ['aws:sourcearn', [sourceArn]],
      ['aws:sourceaccount', [sourceAccount]],
    ]);
    const caller = { kind: 'service', service } as const;
    return evaluate([this.policy], { action: 'lambda:InvokeFunction', resource: this.#functionArn, keys, caller }) === 'allowed';
  }
}

/**
 * Reads the `Principal` of AddPermission.
 * @throws {AwsError} for what can be none (texts recorded from Lambda), a role that does not exist included; there are no users
 */
export function permittedPrincipal(cloud: Cloud, text: string): PermittedPrincipal {
  if (text === '*') return '*';
  if (/^([a-z0-9-]+\.)+amazonaws\.com$/.test(text)) return { Service: text };
  if (/^\d{12}$/.test(text)) return { AWS: `arn:aws:iam::${text}:root` };
  if (/^arn:aws:iam::\d{12}:root$/.test(text) || findRole(cloud, text) !== undefined) return { AWS: text };
  throw invalidParameter('The provided principal was invalid. Please check the principal and try again.');
}

/** The order of the members is as recorded. */
function statementOf({ sid, action, principal, sourceArn, sourceAccount }: Permission, functionArn: string): object {
  const condition = {
    ...(sourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': sourceAccount } }),
    ...(sourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': sourceArn } }),
  };
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    Resource: functionArn,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

function parsed({ sid, action, principal, sourceArn, sourceAccount }: Permission, functionArn: string): Statement {
  return {
    sid,
    effect: 'Allow',
    actions: { except: false, patterns: [parsePattern(action.toLowerCase(), false)] },
    resources: { except: false, patterns: [parsePattern(functionArn, false)] },
    principals: selectionOf(principal),
    conditions: [...condition('StringEquals', 'aws:sourceaccount', sourceAccount), ...condition('ArnLike', 'aws:sourcearn', sourceArn)],
  };
}

/** Everybody includes the services, which a `*` among AWS principals would not. */
function selectionOf(principal: PermittedPrincipal): Statement['principals'] {
  if (principal === '*') return undefined;
  const [aws, service] = 'AWS' in principal ? [[principal.AWS], []] : [[], [principal.Service]];
  return { except: false, aws, service, federated: [] };
}

function condition(operator: string, key: string, value: string | undefined): Statement['conditions'] {
  const known = parseOperator(operator);
  if (value === undefined || known === undefined) return [];
  return [{ ...known, key, values: [parsePattern(value, false)] }];
}
