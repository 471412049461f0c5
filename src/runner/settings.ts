import { didYouMean } from '../util/closest.ts';
import { shown } from '../util/json.ts';
import { listed } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import type { Lab, Scalar } from './lab.ts';
import type { PlanValues } from './plan.ts';

/** What the command line says about the values of a lab. */
export interface Settings {
  /** `--set key=value`: variables and names. */
  readonly set?: Readonly<Record<string, string>>;
  /** `--prefix`: put in front of the default names, with a hyphen between where it does not end with one. */
  readonly prefix?: string;
}

/**
 * The values of a lab's variables and names for one run.
 * @throws {UserError} for a `--set` of something that the lab does not have or of another type, and for a prefix that
 * AWS names cannot begin with.
 */
export function resolveValues(lab: Pick<Lab, 'vars' | 'names' | 'file'>, settings: Settings): PlanValues {
  const { set = {}, prefix = '' } = settings;
  if (prefix !== '' && !/^[A-Za-z0-9][A-Za-z0-9-]{0,19}$/.test(prefix)) {
    throw new UserError(`The prefix ${shown(prefix)} cannot begin the names of AWS resources.`, {
      hint: 'A prefix has at most 20 letters, digits and hyphens, and begins with a letter or a digit.',
    });
  }
  const known = [...Object.keys(lab.vars), ...Object.keys(lab.names)];
  for (const key of Object.keys(set)) {
    if (known.includes(key)) continue;
    const there = known.length === 0 ? 'This lab has none.' : `There are: ${listed(known)}.`;
    throw new UserError(`${lab.file} has no variable or name "${key}" to set.`, {
      hint: [didYouMean(key, known), there].filter(Boolean).join(' '),
    });
  }
  const lead = leadOf(prefix);
  return {
    vars: mapEntries(lab.vars, (key, value) => (Object.hasOwn(set, key) ? typedLike(value, key, set[key] ?? '') : value)),
    names: mapEntries(lab.names, (key, value) => (Object.hasOwn(set, key) ? (set[key] ?? '') : `${lead}${value}`)),
  };
}

/** What a prefix puts in front of a name. */
export function leadOf(prefix: string): string {
  return prefix === '' || prefix.endsWith('-') ? prefix : `${prefix}-`;
}

function typedLike(example: Scalar, key: string, text: string): Scalar {
  if (typeof example === 'string') return text;
  if (typeof example === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new UserError(`--set ${key} must be true or false, and is ${shown(text)}.`);
  }
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new UserError(`--set ${key} must be a number, and is ${shown(text)}.`);
  return number;
}

function mapEntries<From, To>(record: Readonly<Record<string, From>>, map: (key: string, value: From) => To): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(key, value)]));
}
