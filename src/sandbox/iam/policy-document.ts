import { AwsError } from '../error.ts';
import { type Condition, parseOperator } from './condition.ts';
import { type Pattern, parsePattern } from './pattern.ts';
import type { Policy, PrincipalSelection, Selection, Statement } from './policy.ts';

/** What a document is for: what its bearer may do (`identity`), who may assume the role (`trust`), or who may do what with a `resource`. */
export type PolicyKind = 'identity' | 'trust' | 'resource';

type Members = Readonly<Record<string, unknown>>;

const statementMembers = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
] as const;

/**
 * Reads a policy document and refuses what IAM refuses.
 *
 * The texts are those that public issue trackers quote from AWS; `Missing required field …`, `Has prohibited field …` and
 * which of them a document with several mistakes gets are unverified.
 * @throws {AwsError} MalformedPolicyDocument
 */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const document = parseJson(text);
  if (!isObject(document)) throw syntaxError();
  onlyMembers(document, ['Version', 'Id', 'Statement']);
  if (document['Id'] !== undefined && typeof document['Id'] !== 'string') throw syntaxError();
  const version = document['Version'] ?? '2008-10-17';
  if (version !== '2008-10-17' && version !== '2012-10-17') throw syntaxError();
  // Roles of old have trust policies of 2008; what a role may do has to be written in the current version.
  if (kind === 'identity' && version !== '2012-10-17') throw malformed('Policy document must be version 2012-10-17 or greater.');
  const statements = listOf(document['Statement']).map((statement) => parseStatement(statement, kind, version === '2012-10-17'));
  if (statements.length === 0) throw syntaxError();
  const sids = statements.flatMap(({ sid }) => (sid ? [sid] : []));
  if (new Set(sids).size < sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
  return { statements };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
}

function parseStatement(value: unknown, kind: PolicyKind, variables: boolean): Statement {
  if (!isObject(value)) throw syntaxError();
  onlyMembers(value, statementMembers);
  const { Sid: sid, Effect: effect } = value;
  if (sid !== undefined && typeof sid !== 'string') throw syntaxError();
  if (kind === 'identity' && typeof sid === 'string' && !/^[A-Za-z0-9]*$/.test(sid)) {
    throw malformed('Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*');
  }
  if (effect === undefined && kind === 'trust') throw malformed('Missing required field Effect');
  if (effect !== 'Allow' && effect !== 'Deny') throw syntaxError();
  return {
    sid,
    effect,
    actions: parseActions(value, kind),
    resources: parseResources(value, kind, variables),
    principals: parsePrincipals(value, kind),
    conditions: parseConditions(value['Condition'], variables),
  };
}

function parseActions(statement: Members, kind: PolicyKind): Selection {
  const [except, actions] = either(statement, 'Action', 'NotAction');
  if (actions.length === 0) throw malformed(kind === 'trust' ? 'Missing required field Action' : 'Policy statement must contain actions.');
  for (const action of actions) {
    const [vendor = '', ...names] = action.split(':');
    if (action === '*' && kind !== 'trust') continue;
    if (names.length === 0) throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    if (names.length > 1) throw malformed('Actions/Condition can contain only one colon.');
    if (!/^[A-Za-z0-9.-]+$/.test(vendor)) throw malformed(`Vendor ${vendor} is not valid`);
    if (kind === 'trust' && (except || vendor.toLowerCase() !== 'sts')) {
      throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
    }
  }
  return { except, patterns: actions.map((action) => parsePattern(action.toLowerCase(), false)) };
}

function parseResources(statement: Members, kind: PolicyKind, variables: boolean): Selection | undefined {
  const [except, resources] = either(statement, 'Resource', 'NotResource');
  if (kind === 'trust') {
    if (resources.length > 0) throw malformed('Has prohibited field Resource');
    return undefined;
  }
  if (resources.length === 0) throw malformed('Policy statement must contain resources.');
  // What a queue's or a stream's policy says of the resource that it is attached to is taken as it is (as tests have it that pass on AWS).
  if (kind === 'identity') for (const resource of resources) checkResource(resource);
  return { except, patterns: resources.map((resource) => parsePattern(resource, variables)) };
}

function checkResource(resource: string): void {
  if (resource === '*') return;
  const [arn, partition = '', vendor = ''] = resource.split(':');
  if (arn !== 'arn' || resource.split(':').length < 3) throw malformed(`Resource ${resource} must be in ARN format or "*".`);
  if (partition !== '*' && !partition.startsWith('aws'))
    throw malformed(`Partition "${partition}" is not valid for resource "${resource}".`);
  if (resource.split(':').length < 6 && !resource.includes('*')) throw malformed('The policy failed legacy parsing');
  if (/[*?]/.test(vendor) && vendor !== '*') throw malformed('Resource vendor must be fully qualified and cannot contain regexes.');
}

function parsePrincipals(statement: Members, kind: PolicyKind): PrincipalSelection | undefined {
  const except = statement['NotPrincipal'] !== undefined;
  const value = except ? statement['NotPrincipal'] : statement['Principal'];
  if (kind === 'identity') {
    if (value !== undefined) throw malformed('Policy document should not specify a principal.');
    return undefined;
  }
  if (value === undefined || (except && statement['Principal'] !== undefined)) throw malformed('Missing required field Principal');
  if (value === '*') return { except, aws: ['*'], service: [], federated: [] };
  if (!isObject(value)) throw malformed(`Invalid principal in policy: "STAR":${JSON.stringify(value)}`);
  onlyMembers(value, ['AWS', 'Service', 'Federated', 'CanonicalUser']);
  const [aws, service, federated] = [strings(value['AWS']), strings(value['Service']), strings(value['Federated'])];
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

function parseConditions(value: unknown, variables: boolean): Condition[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw syntaxError();
  return Object.entries(value).flatMap(([name, keys]) => {
    const operator = parseOperator(name);
    // The text for an unknown operator is unverified; a document with one must not be let in, because it would never allow what it says.
    if (operator === undefined) throw malformed(`Invalid Condition type : ${name}.`);
    if (!isObject(keys)) throw syntaxError();
    return Object.entries(keys).map(([key, values]): Condition => {
      if (!key.includes(':')) throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
      return { ...operator, key: key.toLowerCase(), values: conditionValues(values, variables) };
    });
  });
}

/** Numbers and booleans may be written without quotes. */
function conditionValues(value: unknown, variables: boolean): Pattern[] {
  return listOf(value).map((one) => {
    if (typeof one !== 'string' && typeof one !== 'number' && typeof one !== 'boolean') throw syntaxError();
    return parsePattern(String(one), variables);
  });
}

/** The values of `name` or of its `not…` form, of which a statement has one. */
function either(statement: Members, name: string, notName: string): [except: boolean, values: string[]] {
  const except = statement[notName] !== undefined;
  if (except && statement[name] !== undefined) throw syntaxError();
  return [except, strings(statement[except ? notName : name])];
}

function strings(value: unknown): string[] {
  return listOf(value).map((one) => {
    if (typeof one !== 'string') throw syntaxError();
    return one;
  });
}

/** Wherever a policy has a list, it may have the one element itself. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function onlyMembers(value: Members, known: readonly string[]): void {
  if (Object.keys(value).some((member) => !known.includes(member))) throw syntaxError();
}

function syntaxError(): AwsError {
  return malformed('Syntax errors in policy.');
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message);
}
