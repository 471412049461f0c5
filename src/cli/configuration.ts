import { homedir } from 'node:os';
import { join } from 'node:path';
import { printDiagnostics } from '../runner/diagnostic-printer.ts';
import { described, Fields } from '../runner/fields.ts';
import { SourceText } from '../runner/source-text.ts';
import { readYamlMapping, type YamlMapping } from '../runner/yaml-data.ts';
import { ExitCode } from '../util/exit-code.ts';
import { counted } from '../util/text.ts';
import { readTextFile, readTextFileIfAny } from '../util/text-file.ts';
import { UserError } from '../util/user-error.ts';
import { longestHours } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** What somebody has written down once for all commands. */
export interface Configuration {
  /** Where it was read; `undefined` when there is no such file, which is as good as an empty one. */
  readonly file: string | undefined;
  readonly accounts: {
    /** The only real accounts that are worked in; all, when it is empty. Twelve digits each. */
    readonly allow: readonly string[];
    /** Accounts that are never worked in, whatever is allowed. */
    readonly deny: readonly string[];
  };
  /** `--max-hours` on real accounts, where the command line does not say. */
  readonly maxHours: number | undefined;
}

/** Where the configuration is: `$KINESIS_LABS_CONFIG`, or the folder that the XDG base directories have for configurations. */
export function configurationFile({ env }: Pick<Surroundings, 'env'>): string {
  const folder = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  return env['KINESIS_LABS_CONFIG'] || join(folder, 'kinesis-labs', 'config.yaml');
}

const mostBytes = 1_000_000;

/**
 * Reads the configuration.
 * @throws {UserError} when it is not valid (its problems have been printed then) or cannot be read, and when there is none
 * where `KINESIS_LABS_CONFIG` says: a list of accounts that is not found must not be taken for an empty one.
 */
export function readConfiguration(io: Surroundings): Configuration {
  const file = configurationFile(io);
  const text = readText(file, io);
  if (text === undefined) return { file: undefined, accounts: { allow: [], deny: [] }, maxHours: undefined };
  const source = new SourceText(file, text);
  const configuration = parse(source);
  if (source.diagnostics.length === 0) return configuration;
  io.err(`${printDiagnostics(source.diagnostics, new Map([[file, text]]), { colour: io.colour })}\n`);
  throw new UserError(`The configuration ${file} is not valid: ${counted(source.diagnostics.length, 'problem')}.`);
}

function readText(file: string, { env }: Surroundings): string | undefined {
  const named = env['KINESIS_LABS_CONFIG'];
  const hint = named ? 'The variable KINESIS_LABS_CONFIG names it.' : 'Without it, all accounts are allowed: take it away to have that.';
  try {
    const about = { name: `The configuration ${file}`, noun: 'configuration', mostBytes, hint };
    return named ? readTextFile(file, about) : readTextFileIfAny(file, about);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.message, { exitCode: ExitCode.couldNotRun, hint, cause: error.cause });
  }
}

const keys = ['accounts', 'max-hours'];

function parse(source: SourceText): Configuration {
  const none: Configuration = { file: source.file, accounts: { allow: [], deny: [] }, maxHours: undefined };
  // Comments alone say nothing, and that is allowed here.
  if (/^(\s*(#.*)?(\n|$))*$/.test(source.text)) return none;
  const yaml = readYamlMapping(source, { start: 0, end: source.text.length }, 'The configuration');
  if (yaml === undefined) return none;
  const fields = new Fields(source, yaml, 'The configuration', { start: 0, end: 1 });
  fields.only(keys, `It has ${keys.join(' and ')}.`);
  const accounts = fields.mapping('accounts');
  fields.only(['allow', 'deny'], 'It has allow and deny, each a list of account ids.', 'accounts');
  return {
    file: source.file,
    accounts: { allow: accountList('allow'), deny: accountList('deny') },
    maxHours: fields.has('max-hours') ? hours(yaml, fields) : undefined,
  };

  function accountList(name: string): readonly string[] {
    const list = accounts[name] ?? [];
    if (Array.isArray(list)) return list.map((_, index) => account(source, yaml as YamlMapping, fields, ['accounts', name, index]));
    fields.wrong(
      ['accounts', name],
      `\`accounts.${name}\` must be a list of account ids, and is ${described(list)}.`,
      `For example: ${name}: ["123456789012"]`,
    );
    return [];
  }
}

/** As it is written, because YAML takes an id without quotes for a number, and leaves out the zeros that it begins with. */
function account(source: SourceText, yaml: YamlMapping, fields: Fields, path: readonly [string, string, number]): string {
  const { start, end } = yaml.rangeOf(path);
  const digits = source.text
    .slice(start, end)
    .replace(/^(["'])(.*)\1$/, '$2')
    .replaceAll('-', '');
  if (/^\d{12}$/.test(digits)) return digits;
  return fields.wrong(
    path,
    'An account id has twelve digits.',
    'For example: "123456789012". aws sts get-caller-identity says which one yours is.',
  );
}

function hours(yaml: YamlMapping, fields: Fields): number | undefined {
  const value = yaml.data['max-hours'];
  if (typeof value === 'number' && value > 0 && value <= longestHours) return value;
  fields.wrong(['max-hours'], `\`max-hours\` must be a number of hours, at most ${longestHours}, and is ${described(value)}.`);
  return undefined;
}
