import { isMapping } from '../../util/json.ts';
import type { AwsError } from '../error.ts';
import { isReadableDate } from './condition.ts';
import { parsePattern } from './pattern.ts';
import type { Policy, PrincipalSelection, Selection, Statement } from './policy.ts';
import { checkResource, isReadAsBefore } from './policy-resource.ts';
import { malformed, onlyMembers, type PolicyKind, readPolicy, textsOf, type WrittenList, type WrittenStatement } from './policy-syntax.ts';

/**
 * Reads a policy document and refuses what IAM refuses.
 *
 * The texts, and which of them a document with several mistakes gets, are those that tests of other projects have found
 * on AWS for the policies of identities, and that public issue trackers quote; `Missing required field …` and
 * `Has prohibited field …` are unverified.
 * @throws {AwsError} MalformedPolicyDocument
 */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const { version, statements } = readPolicy(text, kind);
  // Roles of old have trust policies of 2008; what a role may do has to be written in the current version.
  if (kind === 'identity' && version !== '2012-10-17') throw malformed('Policy document must be version 2012-10-17 or greater.');
  if (!statements.every((statement) => passesAsBefore(statement, kind))) throw malformed('The policy failed legacy parsing');
  checkSids(statements, kind);
  for (const check of checks) for (const statement of statements) check(statement, kind);
  return { statements: statements.map((statement) => understood(statement, kind, version === '2012-10-17')) };
}

/** What has been in IAM for longest says least of what it does not like: the case of an effect, a date, a short ARN. */
function passesAsBefore({ effect, conditions, resource }: WrittenStatement, kind: PolicyKind): boolean {
  const dates = conditions.filter(({ operator }) => operator.startsWith('Date')).flatMap(({ values }) => values);
  if (effect !== undefined && !/^(Allow|Deny)$/.test(effect)) return false;
  return dates.every(isReadableDate) && (kind !== 'identity' || isReadAsBefore(resource));
}

function checkSids(statements: readonly WrittenStatement[], kind: PolicyKind): void {
  const sids = statements.flatMap(({ sid }) => (sid ? [sid] : []));
  if (kind === 'identity' && sids.some((sid) => !/^[A-Za-z0-9]*$/.test(sid))) {
    throw malformed('Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*');
  }
  if (new Set(sids).size < sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
}

type Check = (statement: WrittenStatement, kind: PolicyKind) => void;

/** Each looks at all statements before the next one does. */
const checks: readonly Check[] = [
  ({ effect }) => {
    if (effect === undefined) throw malformed('Missing required field Effect');
  },
  ({ action }, kind) => {
    if (action.values.length === 0)
      throw malformed(kind === 'trust' ? 'Missing required field Action' : 'Policy statement must contain actions.');
  },
  ({ action }, kind) => {
    for (const one of action.values) {
      if (one.includes(':') || (one === '*' && kind !== 'trust')) continue;
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    }
  },
  ({ resource }, kind) => {
    if (kind === 'trust' && resource.values.length > 0) throw malformed('Has prohibited field Resource');
    if (kind !== 'trust' && resource.values.length === 0) throw malformed('Policy statement must contain resources.');
  },
  // What a queue's or a stream's policy says of the resource that it is attached to is taken as it is (as tests have it that pass on AWS).
  ({ resource }, kind) => {
    if (kind === 'identity') resource.values.forEach(checkResource);
  },
  ({ action }, kind) => {
    for (const one of action.values) checkAction(one, action, kind);
  },
];

function checkAction(action: string, { except }: WrittenList, kind: PolicyKind): void {
  if (action === '*') return;
  const [vendor = '', ...names] = action.split(':');
  if (names.length > 1) throw malformed('Actions/Condition can contain only one colon.');
  if (!/^[A-Za-z0-9.-]+$/.test(vendor)) throw malformed(`Vendor ${vendor} is not valid`);
  if (kind === 'trust' && (except || vendor.toLowerCase() !== 'sts')) {
    throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  }
}

/** @param variables whether `${…}` means something */
function understood(statement: WrittenStatement, kind: PolicyKind, variables: boolean): Statement {
  const { sid, effect, action, resource, conditions } = statement;
  return {
    sid,
    effect: effect === 'Deny' ? 'Deny' : 'Allow',
    actions: selection(
      action,
      action.values.map((one) => one.toLowerCase()),
      false,
    ),
    resources: kind === 'trust' ? undefined : selection(resource, resource.values, variables),
    principals: principalsOf(statement, kind),
    conditions: conditions.map(({ key, values, ...condition }) => ({
      ...condition,
      key: key.toLowerCase(),
      values: values.map((value) => parsePattern(value, variables)),
    })),
  };
}

function selection({ except }: WrittenList, values: readonly string[], variables: boolean): Selection {
  return { except, patterns: values.map((value) => parsePattern(value, variables)) };
}

function principalsOf({ principal }: WrittenStatement, kind: PolicyKind): PrincipalSelection | undefined {
  if (kind === 'identity') {
    if (principal !== undefined) throw malformed('Policy document should not specify a principal.');
    return undefined;
  }
  if (principal === undefined) throw malformed('Missing required field Principal');
  const { except, value } = principal;
  if (value === '*') return { except, aws: ['*'], service: [], federated: [] };
  if (!isMapping(value)) throw malformed(`Invalid principal in policy: "STAR":${JSON.stringify(value)}`);
  onlyMembers(value, ['AWS', 'Service', 'Federated', 'CanonicalUser']);
  const [aws, service, federated] = [textsOf(value['AWS']), textsOf(value['Service']), textsOf(value['Federated'])];
  if (aws.length + service.length + federated.length === 0) throw malformed('Missing required field Principal');
  for (const name of aws) {
    if (!/^(\*|\d{12}|arn:aws[\w-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/[^\s*?]*[^\s*?/]))$/.test(name)) {
      throw invalidPrincipal('AWS', name);
    }
  }
  for (const name of service) if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(name)) throw invalidPrincipal('SERVICE', name);
  return { except, aws, service, federated };
}

/** @param kind as AWS prints it: `AWS`, `SERVICE` */
export function invalidPrincipal(kind: string, name: string): AwsError {
  return malformed(`Invalid principal in policy: "${kind}":"${name}"`);
}
