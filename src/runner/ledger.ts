import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ResourceRef } from '../steps/step.ts';
import { ExitCode } from '../util/exit-code.ts';
import { masked, redacted } from '../util/redact.ts';
import { UserError } from '../util/user-error.ts';
import type { RunResult, StepOutcome } from './event.ts';
import type { PlanValues } from './plan.ts';

/** The version of the file format that this program writes, and the newest that it reads. */
const ledgerFormat = 1;

/** The first line of a ledger: which run this is. It holds no credentials. */
export interface LedgerHeader {
  readonly ledger: number;
  readonly run: string;
  readonly lab: { readonly id: string; readonly file: string };
  readonly target: LedgerTarget;
  readonly nonce: string;
  /** ISO 8601. */
  readonly started: string;
  readonly prefix: string;
  /** What the variables and names of the lab stood for. */
  readonly values: PlanValues;
}

/** The values of a run as its ledger has them: without secrets that somebody put into them. */
export function recordedValues(values: PlanValues): PlanValues {
  return { vars: redacted(values.vars) as PlanValues['vars'], names: redacted(values.names) as PlanValues['names'] };
}

/** Where the resources of a ledger are; `endsWithProcess` as in `Target`. */
export interface LedgerTarget {
  readonly label: string;
  readonly endpoint?: string;
  readonly region: string;
  readonly account: string;
  readonly endsWithProcess?: number;
}

/** Every line after the first. `at` is ISO 8601. */
export type LedgerEntry =
  | ({ readonly entry: 'intended' | 'created'; readonly at: string; readonly step: string } & ResourceRef)
  /** Was there before the run: never removed. */
  | ({ readonly entry: 'found'; readonly at: string; readonly step: string } & ResourceRef)
  | ({ readonly entry: 'removed'; readonly at: string } & ResourceRef)
  /** Still there after a teardown, and why. */
  | ({ readonly entry: 'kept'; readonly at: string; readonly why: string } & ResourceRef)
  | { readonly entry: 'step'; readonly at: string; readonly step: string; readonly outcome: StepOutcome }
  | { readonly entry: 'ended'; readonly at: string; readonly outcome: RunResult['outcome'] };

/** A resource that, as far as a ledger knows, exists. */
export interface LiveResource {
  readonly ref: ResourceRef;
  /** ISO 8601: when it was first announced. */
  readonly since: string;
  /** False when only the intent is known: the call may not have been made, or the learner may have made it. */
  readonly certain: boolean;
}

/** A ledger as it was read. */
export interface LedgerContent {
  readonly file: string;
  readonly header: LedgerHeader;
  readonly entries: readonly LedgerEntry[];
}

/**
 * Reads a ledger: one JSON document per line, the header first, each later line a `LedgerEntry`. A last line without its
 * line feed was being written when the process died. What it announced did not begin, so it is left out.
 * @throws {UserError} when the file is not a ledger, or one of a newer version of the program.
 */
export function parseLedger(text: string, file: string): LedgerContent {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const [header, ...entries] = lines.filter((line) => line !== '').map((line, index) => parseLine(line, index, file));
  if (header === undefined || !isHeader(header)) {
    throw new UserError(`${file} is not a ledger: its first line is not the header of a run.`, { exitCode: ExitCode.couldNotRun });
  }
  if (header.ledger > ledgerFormat) {
    throw new UserError(`${file} was written by a newer kinesis-labs (ledger format ${header.ledger}; this one reads ${ledgerFormat}).`, {
      exitCode: ExitCode.couldNotRun,
      hint: 'Use the newer version to clean that run.',
    });
  }
  return { file, header, entries: entries as readonly LedgerEntry[] };
}

function parseLine(line: string, index: number, file: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new UserError(`${file} is damaged: line ${index + 1} is not JSON.`, {
      exitCode: ExitCode.couldNotRun,
      hint: 'Look through the file for the names of what the run created, remove that by hand, then delete the file.',
      cause,
    });
  }
}

function isHeader(value: unknown): value is LedgerHeader {
  return typeof value === 'object' && value !== null && 'ledger' in value && typeof value.ledger === 'number' && 'run' in value;
}

/**
 * What a run has announced or created and nobody has removed, the last one first: the order of removal. A resource counts
 * from the last time that it was announced, because an intent that was written down early is not yet a creation.
 */
export function liveResources(entries: readonly LedgerEntry[]): readonly LiveResource[] {
  const live = new Map<string, LiveResource>();
  for (const entry of entries) {
    if (entry.entry === 'step' || entry.entry === 'ended' || entry.entry === 'found') continue;
    const key = refKey(entry);
    const before = live.get(key);
    if (entry.entry !== 'kept') live.delete(key);
    if (entry.entry === 'removed') continue;
    live.set(key, {
      ref: { type: entry.type, id: entry.id },
      since: before?.since ?? entry.at,
      certain: entry.entry !== 'intended' || (before?.certain ?? false),
    });
  }
  return [...live.values()].reverse();
}

/** The last outcome of each step, by its id. */
export function stepOutcomes(entries: readonly LedgerEntry[]): ReadonlyMap<string, StepOutcome> {
  return new Map(entries.flatMap((entry) => (entry.entry === 'step' ? [[entry.step, entry.outcome] as const] : [])));
}

export function refKey(ref: ResourceRef): string {
  return `${ref.type} ${ref.id}`;
}

/** What a ledger is told; `at` is added. */
export type Noted = LedgerEntry extends infer Entry ? (Entry extends LedgerEntry ? Omit<Entry, 'at'> : never) : never;

/** The ledger of one run, open for writing. Lines are only ever added. */
export class Ledger {
  readonly file: string;
  readonly header: LedgerHeader;
  readonly #now: () => number;
  readonly #entries: LedgerEntry[];
  #descriptor: number | undefined;

  private constructor(content: LedgerContent, descriptor: number, now: () => number) {
    this.file = content.file;
    this.header = content.header;
    this.#entries = [...content.entries];
    this.#descriptor = descriptor;
    this.#now = now;
  }

  /** Begins the ledger of a new run; the folder and the header are on the disk when it returns. */
  static create(file: string, header: Omit<LedgerHeader, 'ledger'>, now: () => number): Ledger {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const ledger = new Ledger({ file, header: { ledger: ledgerFormat, ...header }, entries: [] }, openSync(file, 'ax', 0o600), now);
    ledger.#write([ledger.header]);
    if (header.target.endsWithProcess === undefined) syncFolder(dirname(file));
    return ledger;
  }

  /** Goes on with the ledger of an earlier run; a torn last line is cut off. */
  static resume(file: string, now: () => number): Ledger {
    const text = readFileSync(file, 'utf8');
    const content = parseLedger(text, file);
    const descriptor = openSync(file, 'a');
    ftruncateSync(descriptor, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)));
    return new Ledger(content, descriptor, now);
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  get live(): readonly LiveResource[] {
    return liveResources(this.#entries);
  }

  /** Adds lines. They are on the disk when it returns, so whatever they announce may begin. */
  note(...noted: readonly Noted[]): void {
    const at = new Date(this.#now()).toISOString();
    const entries = noted.map((entry) => ({ ...entry, at }) as LedgerEntry);
    if (entries.length === 0) return;
    this.#write(entries);
    this.#entries.push(...entries);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** Closes it and deletes the file: nothing is left that anybody would want to know. */
  discard(): void {
    this.close();
    rmSync(this.file, { force: true });
  }

  #write(lines: readonly unknown[]): void {
    if (this.#descriptor === undefined) throw new Error(`The ledger ${this.file} is closed.`);
    writeSync(this.#descriptor, masked(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
    // What a power cut takes away together with everything that it announces need not survive it.
    if (this.header.target.endsWithProcess === undefined) fsyncSync(this.#descriptor);
  }
}

/** A new file survives a power cut only once its folder is on the disk too. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
