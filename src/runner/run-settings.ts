import { isDeepStrictEqual } from 'node:util';
import { isRedacted } from '../util/redact.ts';
import { UserError } from '../util/user-error.ts';
import type { Lab } from './lab.ts';
import type { LedgerHeader } from './ledger-text.ts';
import { leadOf, resolveValues } from './settings.ts';

/** What `--prefix` and `--set` say about a run. */
export interface RunSettings {
  readonly prefix: string;
  readonly set: Readonly<Record<string, string>>;
}

/** The settings of an earlier run, for the lab as it is now. */
export interface KeptSettings {
  readonly settings: RunSettings;
  /** What was set and is no longer to be set, or not to that value. */
  readonly unfit: readonly string[];
  /** What was set to a secret, which nobody wrote down. */
  readonly secret: readonly string[];
}

type Settable = Pick<Lab, 'vars' | 'names' | 'file'>;

/** What an earlier run was begun with, as far as it fits the lab. */
export function keptSettings({ prefix, set, values }: LedgerHeader, lab: Settable): KeptSettings {
  const recorded = Object.entries(set ?? settingsBehind(values, prefix, lab));
  const secret = recorded.filter(([, value]) => isRedacted(value)).map(([name]) => name);
  const open = recorded.filter(([name]) => !secret.includes(name));
  const unfit = open.filter(([name, value]) => !fits({ [name]: value }, lab)).map(([name]) => name);
  return {
    settings: { prefix, set: Object.fromEntries(open.filter(([name]) => !unfit.includes(name))) },
    unfit,
    secret: secret.filter((name) => Object.hasOwn(lab.vars, name) || Object.hasOwn(lab.names, name)),
  };
}

/** What was given for this session that is not what the run was begun with: names of `--set`. */
export function conflictsWith(
  { settings, secret }: KeptSettings,
  given: Readonly<Record<string, string>>,
  lab: Settable,
): readonly string[] {
  const before = resolveValues(lab, settings);
  return Object.entries(given)
    .filter(([name]) => !secret.includes(name))
    .filter(([name, value]) => !isDeepStrictEqual(resolveValues(lab, { ...settings, set: { ...settings.set, [name]: value } }), before))
    .map(([name]) => name);
}

/** What must have been set, as far as the values tell: ledgers of format 1 have nothing else. */
function settingsBehind({ vars, names }: LedgerHeader['values'], prefix: string, lab: Settable): Readonly<Record<string, string>> {
  const changedNames = Object.entries(names).filter(([key, value]) => value !== `${leadOf(prefix)}${lab.names[key]}`);
  const changedVars = Object.entries(vars).filter(([key, value]) => value !== lab.vars[key]);
  return Object.fromEntries([...changedVars, ...changedNames].map(([key, value]) => [key, String(value)]));
}

function fits(set: Readonly<Record<string, string>>, lab: Settable): boolean {
  try {
    resolveValues(lab, { set });
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
