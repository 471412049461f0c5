import { resolve } from 'node:path';
import type { ChosenKey } from '../sandbox/auth/credentials.ts';
import { counted, short } from '../util/text.ts';
import { readTextFile } from '../util/text-file.ts';
import { UserError } from '../util/user-error.ts';

/** An account that a sandbox is to have a key for; without one of its own it is given one. */
export interface ListedAccount {
  /** Twelve digits. */
  readonly account: string;
  readonly key?: ChosenKey;
}

const mostAccounts = 10_000;
// A line has 12 digits and, at most, a key id and a secret of 128 characters each.
const mostBytes = 4 * 1024 * 1024;
/** Accounts that are made up are counted on from here. */
const firstAccount = 100_000_000_001;

/**
 * Reads `--accounts`: how many, or the name of a file with one account in each line: twelve digits, and behind them, if it is
 * to have a key of its own, the access key id and the secret access key. Commas or spaces stand between them, and `#`
 * begins a comment.
 * @throws {UserError} that names every line that is none of this.
 */
export function readAccounts(value: string, folder: string): readonly ListedAccount[] {
  if (/^\d+$/.test(value)) {
    const count = Number(value);
    if (count < 1 || count > mostAccounts) throw new UserError(`--accounts wants 1 to ${mostAccounts} accounts, and got ${value}.`);
    return Array.from({ length: count }, (_, index) => ({ account: String(firstAccount + index) }));
  }
  const hint = '--accounts wants a number, or a file with an account in each line.';
  const lines = readTextFile(resolve(folder, value), { name: value, noun: 'list of accounts', mostBytes, hint }).split(/\r?\n/);
  const seen = new Map<string, number>();
  const problems: string[] = [];
  const accounts = lines.flatMap((line, index): ListedAccount[] => {
    const text = line.replace(/#.*$/, '').trim();
    if (text === '') return [];
    const parsed = accountOf(text);
    const where = `${value}:${index + 1}:${line.search(/\S/) + 1}`;
    const problem = typeof parsed === 'string' ? parsed : repeated(parsed, seen, index + 1);
    if (typeof parsed !== 'string' && problem === undefined) return [parsed];
    problems.push(`${where} ${problem}`);
    return [];
  });
  if (problems.length > 0) {
    throw new UserError([`${counted(problems.length, 'line')} of ${value} cannot be used:`, ...problems].join('\n  '), { hint: format });
  }
  if (accounts.length === 0) throw new UserError(`${value} lists no accounts.`, { hint: format });
  if (accounts.length > mostAccounts) throw new UserError(`${value} lists ${accounts.length} accounts; there can be ${mostAccounts}.`);
  return accounts;
}

const format = 'A line has the twelve digits of an account and, if you like, an access key id and a secret access key: 123456789012';

/** @returns what is wrong with a line, where something is. */
function accountOf(text: string): ListedAccount | string {
  const [account = '', accessKeyId, secretAccessKey, ...more] = text.split(/[\s,]+/).filter((part) => part !== '');
  if (!/^\d{12}$/.test(account)) return `wants an account of twelve digits, and has "${short(account, 40)}"`;
  if (more.length > 0) return `has ${3 + more.length} values, and there can be three`;
  if (accessKeyId === undefined) return { account };
  if (secretAccessKey === undefined) return `has an access key id and no secret access key`;
  // What AWS itself takes for an access key id (IAM API reference, AccessKey).
  if (!/^\w{16,128}$/.test(accessKeyId))
    return `wants an access key id of 16 to 128 letters and digits, and has "${short(accessKeyId, 40)}"`;
  return { account, key: { accessKeyId, secretAccessKey } };
}

function repeated({ account, key }: ListedAccount, seen: Map<string, number>, line: number): string | undefined {
  for (const [what, id] of [
    ['the account', account],
    ['the access key id', key?.accessKeyId],
  ] as const) {
    if (id === undefined) continue;
    const before = seen.get(id);
    if (before !== undefined) return `has ${what} ${id} of line ${before} again`;
    seen.set(id, line);
  }
  return undefined;
}
