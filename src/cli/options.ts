import { Option } from 'commander';
import { roleNameOf } from '../aws/role-arn.ts';
import type { TargetOptions } from '../aws/target-resolution.ts';
import type { Keeping } from '../runner/teardown.ts';
import { fastestPace } from '../sandbox/clock.ts';
import type { Fault } from '../sandbox/fault.ts';
import { UserError } from '../util/user-error.ts';

/** How a command speaks. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** What the embedded sandbox is told to do wrong. */
export interface FaultFlags {
  readonly fault?: readonly Fault[];
}

/** Adds the value of an option that can be repeated to those before. */
export function addOne(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Reads all `--fault`; what that needs is loaded only where there are any. @throws {UserError} */
export async function readFaults(texts: readonly string[]): Promise<readonly Fault[]> {
  const { parseFault } = await import('../sandbox/fault.ts');
  return texts.map((text) => parseFault(text));
}

/** Where AWS is. */
export interface TargetFlags extends Partial<Pick<TargetOptions, 'target' | 'profile' | 'region'>> {
  /** Twelve digits: the only account that the command may work in. */
  readonly account?: string;
}

/** What a lab's names and variables stand for, and what it may do. */
export interface LabFlags {
  /** It may run commands on this machine, whoever wrote it. */
  readonly allowShell?: boolean;
  readonly prefix?: string;
  readonly set?: Readonly<Record<string, string>>;
  /** The ARN of a role that is used in the place of those that the lab creates. */
  readonly useRole?: string;
}

/** Reads one `--set name=value` and adds it to those before. */
export function addSetting(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new UserError(`--set wants name=value, and got "${text}".`, { hint: "For example: --set message='Hello, stream'" });
  }
  return { ...before, [name.trim()]: value };
}

/** Reads `--use-role`. */
export function roleArn(text: string): string {
  if (roleNameOf(text) !== undefined) return text;
  throw new UserError(`--use-role wants the ARN of a role, and got "${text}".`, {
    hint: 'For example: --use-role arn:aws:iam::123456789012:role/LabRole (aws iam get-role --role-name LabRole shows it)',
  });
}

/** Makes the reader of an option that names an account. */
export function accountNumber(option: string) {
  return (text: string): string => {
    const digits = text.replaceAll('-', '');
    if (!/^\d{12}$/.test(digits)) throw new UserError(`${option} wants the twelve digits of an AWS account, and got "${text}".`);
    return digits;
  };
}

/** A week: what lives longer is no lab. */
export const longestHours = 168;

/** How long what is created may live. */
export interface LimitFlags {
  readonly maxHours?: number;
}

/** What is left in place in the end. */
export interface KeepFlags {
  readonly keep?: boolean;
  readonly keepLogs?: boolean;
}

/** The same as whoever tears down takes it. */
export function keeping({ keep, keepLogs }: KeepFlags): { readonly keep?: Keeping } {
  if (keep) return { keep: 'everything' };
  return keepLogs ? { keep: 'evidence' } : {};
}

/** Reads `--max-hours`. */
export function hoursNumber(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number > 0 && number <= longestHours) return number;
  throw new UserError(`--max-hours wants a number of hours, at most ${longestHours}, and got "${text}".`, {
    hint: 'For example: --max-hours 2',
  });
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UserError(`--port wants a number from 0 to 65535, and got "${text}".`);
  return port;
}

/** Reads `--speed`. */
export function speedFactor(text: string): number {
  const factor = Number(text);
  if (text.trim() !== '' && factor > 0 && factor <= fastestPace) return factor;
  throw new UserError(`--speed wants a factor above 0, ${fastestPace} at most, and got "${text}".`, { hint: 'For example: --speed 10' });
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads how old something is to be: `90m`, `2h`, `3d`. @returns milliseconds. */
export function age(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([mhd])$/.exec(text) ?? [];
  const ms = units[unit];
  if (amount === undefined || ms === undefined) {
    throw new UserError(`--older-than wants a number of minutes, hours or days, and got "${text}".`, {
      hint: 'For example: --older-than 2h, --older-than 90m, --older-than 3d',
    });
  }
  return Number(amount) * ms;
}

/** The formats that reports come in. */
export type ReportFormat = 'junit' | 'json' | 'csv' | 'html' | 'markdown' | 'gradescope';

/** The reports that `--report` names, by format. */
export type ReportFiles<Format extends ReportFormat = ReportFormat> = { readonly [Name in Format]?: string };

/** Makes `--report FORMAT=FILE,FORMAT=FILE` for these formats. */
export function reportOption(...formats: readonly ReportFormat[]): Option {
  return new Option('--report <format=file>', `write reports: ${places(formats, ',')}`).argParser(reportFiles(...formats));
}

function reportFiles<Format extends ReportFormat>(...formats: readonly Format[]) {
  const wanted = places(formats, ' or ');
  return (text: string, before: ReportFiles<Format> = {}): ReportFiles<Format> => {
    const files: { [Name in Format]?: string } = { ...before };
    for (const part of text.split(',')) {
      const [, name, file] = /^(\w+)=(.+)$/.exec(part) ?? [];
      const format = formats.find((each) => each === name);
      if (format === undefined || file === undefined) {
        throw new UserError(`--report wants ${wanted}, and got "${part}".`, {
          hint: `For example: --report ${formats.map((each) => `${each}=${examples[each]}`).join(',')}`,
        });
      }
      if (files[format] !== undefined) {
        throw new UserError(`--report names two files for ${format}.`, { hint: 'Name one: the report of a run is the same in both.' });
      }
      files[format] = file;
    }
    return files;
  };
}

const examples: Readonly<Record<ReportFormat, string>> = {
  junit: 'out.xml',
  json: 'out.json',
  csv: 'out.csv',
  html: 'out.html',
  markdown: 'out.md',
  gradescope: 'marks',
};

function places(formats: readonly ReportFormat[], between: string): string {
  return formats.map((format) => `${format}=${format === 'gradescope' ? 'FOLDER' : 'FILE'}`).join(between);
}

/** Makes the reader of an option that takes a whole number, or a number of seconds. */
export function numberOf(option: string, least: number, most: number, example: string) {
  return (text: string): number => {
    const number = Number(text);
    if (text.trim() !== '' && number >= least && number <= most) return number;
    throw new UserError(`${option} wants a number from ${least} to ${most}, and got "${text}".`, {
      hint: `For example: ${option} ${example}`,
    });
  };
}
