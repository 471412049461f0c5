import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ResourceRef } from '../steps/resource.ts';
import type { ProcessIdentity } from '../util/process-identity.ts';
import {
  type LedgerContent,
  type LedgerEntry,
  type LedgerHeader,
  ledgerFormat,
  ledgerLine,
  parseLedger,
  type SessionEntry,
} from './ledger-text.ts';
import { makeFolder, syncFolder, unwritable } from './state-disk.ts';

/** A resource that, as far as a ledger knows, exists. */
export interface LiveResource {
  readonly ref: ResourceRef;
  /** The steps that announced it. */
  readonly steps: readonly string[];
  /** ISO 8601: when it was first announced. */
  readonly since: string;
  /** ISO 8601: when it was last announced. */
  readonly announced: string;
  /**
   * `planned`: its step has not begun, so it exists only if the learner made it. `intended`: its step has begun, and the
   * call may have been made or not. `created`: it was seen.
   */
  readonly state: 'planned' | 'intended' | 'created';
  /** US dollars: what it costs an hour, where whoever announced it said so. */
  readonly perHour?: number;
}

/**
 * What a run has announced or created and nobody has removed, the last one first: the order of removal. A resource counts
 * from the last time that it was announced, because what is only planned is not yet created.
 */
export function liveResources(entries: readonly LedgerEntry[]): readonly LiveResource[] {
  const live = new Map<string, LiveResource>();
  let serving: ProcessIdentity | undefined;
  for (const entry of entries) {
    if (entry.entry === 'session') {
      if (!isDeepStrictEqual(entry.endsWithProcess, serving)) live.clear();
      serving = entry.endsWithProcess;
    }
    if (!isAboutResource(entry)) continue;
    const key = refKey(entry);
    const before = live.get(key);
    if (entry.entry !== 'kept') live.delete(key);
    if (entry.entry === 'removed' || entry.entry === 'found') continue;
    const perHour = 'perHour' in entry ? entry.perHour : before?.perHour;
    const steps = new Set([...(before?.steps ?? []), ...('step' in entry ? [entry.step] : [])]);
    live.set(key, {
      ref: { type: entry.type, id: entry.id },
      steps: [...steps],
      since: before?.since ?? entry.at,
      announced: entry.entry === 'kept' ? (before?.announced ?? entry.at) : entry.at,
      state: stateAfter(entry.entry, before?.state),
      ...(perHour === undefined ? {} : { perHour }),
    });
  }
  return [...live.values()].reverse();
}

function stateAfter(
  entry: 'planned' | 'intended' | 'created' | 'tagged' | 'kept',
  before: LiveResource['state'] | undefined,
): LiveResource['state'] {
  if (entry === 'kept') return before ?? 'created';
  if (before === 'created' || entry === 'created' || entry === 'tagged') return 'created';
  return before === 'intended' ? 'intended' : entry;
}

/** The last session of a run; absent in format 1. */
export function lastSession(entries: readonly LedgerEntry[]): SessionEntry | undefined {
  return entries.findLast((entry) => entry.entry === 'session');
}

function isAboutResource(entry: LedgerEntry): entry is Extract<LedgerEntry, ResourceRef> {
  return 'type' in entry;
}

/** Whether a run ended in the middle of its work, so that a call of it may have been cut off. */
export function wasCutOff(entries: readonly LedgerEntry[]): boolean {
  const last = entries.findLast(({ entry }) => entry === 'intended' || entry === 'ended');
  return last?.entry === 'intended' || (last?.entry === 'ended' && (last.outcome === 'interrupted' || last.outcome === 'could-not-run'));
}

/** Until when what a run has created may live, as it was said last: ISO 8601. */
export function deadlineOf(entries: readonly LedgerEntry[]): string | undefined {
  const said = entries.findLast((entry) => entry.entry === 'session' && entry.until !== undefined);
  return said?.entry === 'session' ? said.until : undefined;
}

export function refKey(ref: ResourceRef): string {
  return `${ref.type} ${ref.id}`;
}

/** What a ledger is told; `at` is added. */
export type Noted = LedgerEntry extends infer Entry ? (Entry extends LedgerEntry ? Omit<Entry, 'at'> : never) : never;

/** What a run needs of its ledger. */
export type RunLedger = Pick<Ledger, 'header' | 'entries' | 'live' | 'announce' | 'note'>;

/** The ledger of one run, open for writing. Lines are only ever added. */
export class Ledger {
  readonly file: string;
  readonly header: LedgerHeader;
  /** Numbers of the lines that could not be read when an earlier run was taken up. */
  readonly damaged: readonly number[];
  readonly #now: () => number;
  readonly #entries: LedgerEntry[];
  #descriptor: number | undefined;
  /** Bytes of whole lines that are in the file. */
  #length: number;
  /** Lines that the disk did not take; tried again with the next ones. */
  #unwritten = '';

  private constructor(content: LedgerContent, descriptor: number, length: number, now: () => number) {
    this.file = content.file;
    this.header = content.header;
    this.damaged = content.damaged;
    this.#entries = [...content.entries];
    this.#descriptor = descriptor;
    this.#length = length;
    this.#now = now;
  }

  /**
   * Begins the ledger of a new run; the folder and the header are on the disk when it returns.
   * @throws {UserError} when they cannot be written.
   */
  static create(file: string, header: Omit<LedgerHeader, 'ledger'>, now: () => number): Ledger {
    const lasting = header.target.endsWithProcess === undefined;
    try {
      makeFolder(dirname(file), lasting);
      const content = { file, header: { ledger: ledgerFormat, ...header }, entries: [], damaged: [] };
      const ledger = new Ledger(content, openSync(file, 'ax', 0o600), 0, now);
      try {
        ledger.#write(ledgerLine(ledger.header));
        if (lasting) syncFolder(dirname(file));
      } catch (error) {
        ledger.discard();
        throw error;
      }
      return ledger;
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  /**
   * Goes on with the ledger of an earlier run; a torn last line is cut off. One of an older format is replaced by the same
   * in this one, so that an older version of the program does not misread what is added.
   * @throws {UserError} when it cannot be read or written.
   */
  static resume(file: string, now: () => number): Ledger {
    try {
      const before = readFileSync(file);
      const read = parseLedger(before.toString('utf8'), file);
      const header: LedgerHeader = { ...read.header, ledger: ledgerFormat };
      const bytes = read.header.ledger < ledgerFormat ? replaceHeader(file, before, header) : before;
      const length = bytes.lastIndexOf('\n') + 1;
      const content = { ...read, header };
      const descriptor = openSync(file, 'a');
      ftruncateSync(descriptor, length);
      return new Ledger(content, descriptor, length, now);
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  get live(): readonly LiveResource[] {
    return liveResources(this.#entries);
  }

  /**
   * Says what is going to be created. It is on the disk when this returns, so the call may be made.
   * @throws {UserError} when the disk does not take it. Then the call must not be made.
   */
  announce(...noted: readonly Extract<Noted, { readonly entry: 'planned' | 'intended' }>[]): void {
    const entries = noted.map((entry) => this.#dated(entry));
    if (entries.length === 0) return;
    try {
      this.#write(entries.map(ledgerLine).join(''));
    } catch (error) {
      throw unwritable(this.file, error);
    }
    this.#entries.push(...entries);
  }

  /**
   * Says what has happened. Where the disk does not take it, it is known to this process all the same, and written with
   * what is said next: a ledger that lacks it says too much, never too little.
   */
  note(...noted: readonly Noted[]): void {
    const entries = noted.map((entry) => this.#dated(entry));
    if (entries.length === 0) return;
    this.#entries.push(...entries);
    this.#unwritten += entries.map(ledgerLine).join('');
    this.#writeLate();
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    if (this.#unwritten !== '') this.#writeLate();
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** Closes it and deletes the file: nothing is left that anybody would want to know. */
  discard(): void {
    this.#unwritten = '';
    this.close();
    rmSync(this.file, { force: true });
  }

  #dated(noted: Noted): LedgerEntry {
    return { ...noted, at: new Date(this.#now()).toISOString() } as LedgerEntry;
  }

  #writeLate(): void {
    try {
      this.#write('');
    } catch {
      // It stays to be written.
    }
  }

  /** All of it is in the file, or nothing: half a line would spoil the next one. */
  #write(lines: string): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) throw new Error(`The ledger ${this.file} is closed.`);
    const bytes = Buffer.from(this.#unwritten + lines);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
      // What a power cut takes away together with everything that it announces need not survive it.
      if (this.header.target.endsWithProcess === undefined) fsyncSync(descriptor);
    } catch (error) {
      ftruncateSync(descriptor, this.#length);
      throw error;
    }
    this.#length += bytes.length;
    this.#unwritten = '';
  }
}

/** Puts another header into a file: whoever reads it, whenever, finds all of the old or all of the new. @returns what is in it now. */
function replaceHeader(file: string, before: Buffer, header: LedgerHeader): Buffer {
  const bytes = Buffer.concat([Buffer.from(ledgerLine(header)), before.subarray(before.indexOf('\n') + 1)]);
  const draft = `${file}.${process.pid}.new`;
  try {
    writeFileSync(draft, bytes, { mode: 0o600, flush: true });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(file));
  return bytes;
}
