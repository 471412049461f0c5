import { isDeepStrictEqual } from 'node:util';
import { fitsWildcard, wildcardTokens } from '../../util/wildcard.ts';

/** The document as IAM stores it; answers carry it URL-encoded (IAM API reference). `undefined` when it is not JSON. */
export function parsePolicy(encoded: string | undefined): unknown {
  try {
    return JSON.parse(decodeURIComponent(encoded ?? ''));
  } catch {
    return undefined;
  }
}

/** Whether two documents say the same: IAM makes no difference between a value and a list of one value, and ids mean nothing. */
export function samePolicy(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(normalized(one), normalized(other));
}

function normalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? normalized(value[0]) : value.map(normalized);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => name !== 'Sid' && name !== 'Id');
  return Object.fromEntries(members.map(([name, member]) => [name, normalized(member)]));
}

/** The trust policy of a role that a service may assume. */
export function trustPolicy(service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
}

/** Which services a trust policy allows to assume the role. */
export function trustedServices(document: unknown): readonly string[] {
  const statements = list((document as { Statement?: unknown } | undefined)?.Statement);
  return statements.flatMap((statement) => {
    const { Effect, Action, Principal } = statement as { Effect?: unknown; Action?: unknown; Principal?: { Service?: unknown } };
    const allows = Effect === 'Allow' && list(Action).some((action) => /^(sts:(AssumeRole|\*)|\*)$/i.test(String(action)));
    return allows ? list(Principal?.Service).map(String) : [];
  });
}

/** What a service wants to do, and the ARN of what it does it for. */
interface ServiceRequest {
  /** `events.amazonaws.com` */
  readonly service: string;
  /** `lambda:InvokeFunction` */
  readonly action: string;
  readonly source: string;
}

/**
 * Whether the policy of a resource lets a service do something. Of conditions it knows those on the source, by its ARN or
 * its account; a statement with another one counts as one that does not apply. Statements that deny are not looked at.
 */
export function permits(document: unknown, request: ServiceRequest): boolean {
  return list((document as { Statement?: unknown } | undefined)?.Statement).some((statement) => {
    const { Effect, Action, Principal, Condition } = statement as Readonly<Record<string, unknown>>;
    const services = Principal === '*' ? [request.service] : list((Principal as { Service?: unknown } | undefined)?.Service);
    return (
      Effect === 'Allow' &&
      services.includes(request.service) &&
      list(Action).some((action) => matches(String(action).toLowerCase(), request.action.toLowerCase())) &&
      Object.values(Condition ?? {}).every((keys) =>
        Object.entries(keys as object).every(([key, values]) => list(values).some((value) => holds(key, String(value), request))),
      )
    );
  });
}

function holds(key: string, value: string, { source }: ServiceRequest): boolean {
  if (/^aws:SourceArn$/i.test(key)) return matches(value, source);
  return /^aws:SourceAccount$/i.test(key) && value === source.split(':')[4];
}

/** Whether a text is what a pattern with `*` and `?` stands for. */
function matches(pattern: string, text: string): boolean {
  return fitsWildcard(wildcardTokens(pattern, true), text);
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
