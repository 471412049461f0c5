import { isMapping } from '../../util/json.ts';
import { AwsError } from '../error.ts';
import { type Condition, parseOperator } from './condition.ts';

/** What a document is for: what its bearer may do (`identity`), who may assume the role (`trust`), or who may do what with a `resource`. */
export type PolicyKind = 'identity' | 'trust' | 'resource';

/** A document whose members are those that policies have, of the types that they have there. */
export interface WrittenPolicy {
  readonly version: '2008-10-17' | '2012-10-17';
  readonly statements: readonly WrittenStatement[];
}

export interface WrittenStatement {
  readonly sid: string | undefined;
  /** `Allow` or `Deny`, in whatever case. Absent in what cannot be a trust policy for that reason. */
  readonly effect: string | undefined;
  readonly action: WrittenList;
  readonly resource: WrittenList;
  readonly principal: WrittenPrincipal | undefined;
  readonly conditions: readonly WrittenCondition[];
}

/** The values of a member or of its `Not…` form, of which a statement has one. */
export interface WrittenList {
  /** The `Not…` form: everything but these. */
  readonly except: boolean;
  readonly values: readonly string[];
}

export interface WrittenPrincipal {
  readonly except: boolean;
  readonly value: unknown;
}

export interface WrittenCondition extends Pick<Condition, 'operator' | 'quantifier' | 'ifExists'> {
  readonly key: string;
  readonly values: readonly string[];
}

type Members = Readonly<Record<string, unknown>>;

const statementMembers = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

/**
 * Reads the text of a document as far as its form goes.
 * @throws {AwsError} MalformedPolicyDocument, in words that do not say where
 */
export function readPolicy(text: string, kind: PolicyKind): WrittenPolicy {
  const document = parseJson(text);
  if (!isMapping(document)) throw syntaxError();
  onlyMembers(document, ['Version', 'Id', 'Statement']);
  if (document['Id'] !== undefined && typeof document['Id'] !== 'string') throw syntaxError();
  const version = document['Version'] ?? '2008-10-17';
  if (version !== '2008-10-17' && version !== '2012-10-17') throw syntaxError();
  const statements = listOf(document['Statement']).map((statement) => readStatement(statement, kind));
  if (statements.length === 0) throw syntaxError();
  return { version, statements };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
}

function readStatement(value: unknown, kind: PolicyKind): WrittenStatement {
  if (!isMapping(value)) throw syntaxError();
  onlyMembers(value, statementMembers);
  const { Sid: sid, Effect: effect } = value;
  if (sid !== undefined && typeof sid !== 'string') throw syntaxError();
  const known = typeof effect === 'string' && /^(allow|deny)$/i.test(effect);
  if (!known && !(effect === undefined && kind === 'trust')) throw syntaxError();
  return {
    sid,
    effect: known ? effect : undefined,
    action: either(value, 'Action', 'NotAction'),
    resource: either(value, 'Resource', 'NotResource'),
    principal: readPrincipal(value),
    conditions: readConditions(value['Condition']),
  };
}

function readPrincipal(statement: Members): WrittenPrincipal | undefined {
  const { Principal: named, NotPrincipal: excepted } = statement;
  if (named !== undefined && excepted !== undefined) throw syntaxError();
  if (named === undefined && excepted === undefined) return undefined;
  return { except: excepted !== undefined, value: named ?? excepted };
}

/** An operator that IAM does not have is let pass where it asks for nothing. */
function readConditions(value: unknown): readonly WrittenCondition[] {
  if (value === undefined) return [];
  if (!isMapping(value)) throw syntaxError();
  return Object.entries(value).flatMap(([name, keys]) => {
    if (!isMapping(keys)) throw syntaxError();
    return Object.entries(keys).map(([key, values]): WrittenCondition => {
      const operator = parseOperator(name);
      if (operator === undefined) throw syntaxError();
      return { ...operator, key, values: operands(values) };
    });
  });
}

/** Numbers and booleans may be written without quotes. */
function operands(value: unknown): readonly string[] {
  return listOf(value).map((one) => {
    if (typeof one !== 'string' && typeof one !== 'number' && typeof one !== 'boolean') throw syntaxError();
    return String(one);
  });
}

function either(statement: Members, name: string, notName: string): WrittenList {
  const except = statement[notName] !== undefined;
  if (except && statement[name] !== undefined) throw syntaxError();
  return { except, values: textsOf(statement[except ? notName : name]) };
}

/** @throws {AwsError} where something else than texts is listed */
export function textsOf(value: unknown): readonly string[] {
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

/** @throws {AwsError} for a member that is not known */
export function onlyMembers(value: Members, known: readonly string[]): void {
  if (Object.keys(value).some((member) => !known.includes(member))) throw syntaxError();
}

function syntaxError(): AwsError {
  return malformed('Syntax errors in policy.');
}

export function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message);
}
