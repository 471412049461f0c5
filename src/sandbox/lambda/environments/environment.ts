import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { wallClock } from '../../../util/clock.ts';
import { deferred } from '../../../util/deferred.ts';
import { endFamily } from '../../../util/process-family.ts';
import type { SandboxClock } from '../../clock.ts';
import type { FunctionIdentity, FunctionVersion } from '../functions/version.ts';
import type { EnvironmentLog } from './environment-log.ts';
import { FunctionOutput } from './function-output.ts';
import type { FunctionHost } from './host.ts';
import type { Interpreter } from './interpreters.ts';
import type { RuntimeEvent, RuntimeSession } from './runtime-api.ts';

/** How an initialisation or an invocation ended. Payloads are JSON. */
export type Outcome =
  | { readonly kind: 'success'; readonly payload: Uint8Array }
  /** The function failed; what its runtime reported. */
  | { readonly kind: 'error'; readonly payload: Uint8Array }
  | { readonly kind: 'timeout' }
  /** The process ended without a word. `reason` as Lambda gives it: `exit status 1`; undefined for status 0. */
  | { readonly kind: 'exit'; readonly reason: string | undefined };

/** What an environment is made of. */
export interface EnvironmentParts {
  readonly host: FunctionHost;
  readonly identity: FunctionIdentity;
  readonly version: FunctionVersion;
  readonly interpreter: Interpreter;
  readonly log: EnvironmentLog;
  /** The time that the function sees. */
  readonly clock: SandboxClock;
  /** Epoch milliseconds of the sandbox's clock at which its credentials end. */
  readonly expiresAt: number;
  variables(own: OwnPlaces): Record<string, string>;
}

/** Where an environment finds what is its own. */
export interface OwnPlaces {
  /** `127.0.0.1:4567/<secret>` */
  readonly runtimeApi: string;
  /** Folders that are empty at first, and gone when the environment has ended. */
  readonly home: string;
  readonly temporary: string;
}

/** Lambda gives the code outside of the handler ten seconds (Developer Guide, "Lambda execution environment lifecycle"). */
const initialisationLimit = 10_000;

/** Milliseconds for which output is still read after a process has ended. */
const outputGrace = 250;

/**
 * An execution environment: one process, which handles one event at a time behind the Runtime API. Between events it is
 * frozen, as on Lambda, so what a function leaves running in the background costs nothing and prints nothing.
 */
export class ExecutionEnvironment implements RuntimeSession {
  readonly host: FunctionHost;
  readonly version: FunctionVersion;
  readonly log: EnvironmentLog;
  readonly expiresAt: number;
  readonly #parts: EnvironmentParts;
  readonly #process: ChildProcess;
  /** Its own folder. The path stands in its variables, and so in those of whatever it starts, by which that is found. */
  readonly #place: string;
  readonly #api: { readonly address: string; close(): void };
  readonly #output: readonly FunctionOutput[];
  readonly #closed = deferred();
  #exit: { readonly reason: string | undefined } | undefined;
  #stopping = false;
  #familyEnded: Promise<void> | undefined;
  #bytesRead = 0;
  #maxMemoryUsed: number | undefined;
  #deliver: ((event: RuntimeEvent) => void) | undefined;
  #requestId: string | undefined;
  #outcome: Outcome | undefined;
  /** Settles when the runtime asks for its next event, or when its process is gone. */
  #turn = deferred();

  constructor(parts: EnvironmentParts) {
    this.#parts = parts;
    this.host = parts.host;
    this.version = parts.version;
    this.log = parts.log;
    this.expiresAt = parts.expiresAt;
    this.#api = this.host.api.open(this);
    const { command, arguments: options } = parts.interpreter;
    const { ahead } = parts.clock;
    this.#place = join(this.host.folder.path, 'environments', randomBytes(8).toString('hex'));
    const [home, temporary] = [join(this.#place, 'home'), join(this.#place, 'tmp')];
    for (const folder of [home, temporary]) mkdirSync(folder, { recursive: true });
    this.#process = spawn(command, ahead === undefined ? options : [...options, String(ahead)], {
      cwd: parts.version.code.folder,
      env: parts.variables({ runtimeApi: this.#api.address, home, temporary }),
      // A process group of its own, so that whatever the function starts can be ended with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (this.#process.pid !== undefined) this.host.folder.watch(this.#process.pid);
    this.host.add(this);
    this.#output = this.#listen();
  }

  /** Whether it can take an event. */
  get usable(): boolean {
    return this.#exit === undefined && !this.#stopping && this.#deliver !== undefined;
  }

  /** Waits for the code outside of the handler to run. @returns undefined when the environment is ready for its first event. */
  async initialise(): Promise<Outcome | undefined> {
    const timedOut = await this.#turnWithin(initialisationLimit);
    await this.#drain();
    this.#lookAtMemory();
    if (this.usable && this.#outcome === undefined) return undefined;
    return this.#conclude(timedOut);
  }

  /** Hands over an event and waits until it is dealt with, at most for the function's timeout. */
  async run(event: Pick<RuntimeEvent, 'requestId' | 'payload' | 'clientContext' | 'functionArn'>): Promise<Outcome> {
    const timeout = this.version.settings.timeout * 1_000;
    const deliver = this.#deliver;
    this.#deliver = undefined;
    this.#outcome = undefined;
    this.#requestId = event.requestId;
    this.#turn = deferred();
    if (this.#exit !== undefined) this.#turn.resolve();
    this.#signal('SIGCONT');
    // No time is jumped over while a function runs, so its clock is ahead by the same for the whole of the invocation.
    const { ahead } = this.#parts.clock;
    const deadline = wallClock.now() + (ahead ?? 0) + timeout;
    deliver?.({ ...event, deadline, ...(ahead === undefined ? {} : { clockAhead: ahead }) });
    const timedOut = await this.#turnWithin(timeout);
    this.#requestId = undefined;
    await this.#drain();
    if (this.usable) this.#signal('SIGSTOP');
    return this.#conclude(timedOut);
  }

  /** The most memory that the process is known to have had, in megabytes; undefined where the operating system does not tell (it does on Linux). */
  get maxMemoryUsed(): number | undefined {
    return this.#maxMemoryUsed;
  }

  /** Ends the process and everything that it started. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([this.#endFamily(), this.#closed.promise]);
  }

  next(deliver: (event: RuntimeEvent) => void): void {
    this.#deliver = deliver;
    this.#turn.resolve();
  }

  response(requestId: string, payload: Uint8Array): boolean {
    return this.#report(requestId, { kind: 'success', payload });
  }

  error(requestId: string, payload: Uint8Array): boolean {
    return this.#report(requestId, { kind: 'error', payload });
  }

  initError(payload: Uint8Array): void {
    this.#lookAtMemory();
    this.#outcome ??= { kind: 'error', payload };
  }

  #report(requestId: string, outcome: Outcome): boolean {
    if (requestId !== this.#requestId || this.#outcome !== undefined) return false;
    this.#lookAtMemory();
    this.#outcome = outcome;
    return true;
  }

  #listen(): readonly FunctionOutput[] {
    const child = this.#process;
    const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
    for (const stream of streams) {
      stream.on('data', (chunk: Buffer) => {
        this.#bytesRead += chunk.length;
      });
    }
    child.on('exit', () => {
      // What it has started goes with it.
      void this.#endFamily();
      // A process that left the group could keep the pipes open for ever.
      setTimeout(() => {
        for (const stream of streams) stream.destroy();
      }, outputGrace).unref();
    });
    child.on('close', (code, signal) => this.#ended(signal === null ? code : signal));
    child.on('error', (error) => {
      // It could not be started: the machine has no processes left, or the like.
      this.log.write(`${error.message}\n`);
      this.#ended('SIGABRT');
    });
    return streams.map((stream) => new FunctionOutput(stream, (message) => this.log.write(message)));
  }

  #ended(status: number | string | null): void {
    if (this.#exit !== undefined) return;
    this.#exit = { reason: exitReason(status) };
    this.#api.close();
    if (this.#process.pid !== undefined) this.host.folder.unwatch(this.#process.pid);
    this.host.remove(this);
    this.#turn.resolve();
    this.#closed.resolve();
    void this.#removeFiles();
  }

  /** Ends the process and whatever it has started. Where all environments end together, the host finds what has got away. */
  #endFamily(): Promise<void> {
    const { pid } = this.#process;
    const leaders = pid === undefined ? [] : [pid];
    if (this.host.closing) this.#signal('SIGKILL');
    else this.#familyEnded ??= endFamily({ leaders, mark: this.#place });
    return this.#familyEnded ?? Promise.resolve();
  }

  async #removeFiles(): Promise<void> {
    await this.#familyEnded;
    // With the host, everything goes.
    if (!this.host.closing) await rm(this.#place, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }

  /** @returns whether `ms` passed first; then the process is killed. */
  async #turnWithin(ms: number): Promise<boolean> {
    const limit = new AbortController();
    const timer = wallClock.sleep(ms, limit.signal).then(
      () => true,
      () => false,
    );
    const timedOut = await Promise.race([this.#turn.promise.then(() => false), timer]);
    limit.abort();
    if (timedOut) {
      this.#lookAtMemory();
      await this.stop();
    }
    return timedOut;
  }

  #conclude(timedOut: boolean): Outcome {
    if (this.#outcome !== undefined) return this.#outcome;
    return timedOut ? { kind: 'timeout' } : { kind: 'exit', reason: this.#exit?.reason };
  }

  /**
   * Reads what the process has printed up to now. Whatever it printed before it spoke to the Runtime API is in the pipes by
   * then, so a turn of the event loop in which nothing is read means that there is no more.
   */
  async #drain(): Promise<void> {
    let before: number;
    do {
      before = this.#bytesRead;
      await nextTurn();
    } while (this.#bytesRead !== before);
    for (const output of this.#output) output.flush();
  }

  #lookAtMemory(): void {
    try {
      const kilobytes = /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${this.#process.pid}/status`, 'latin1'))?.[1];
      if (kilobytes !== undefined) this.#maxMemoryUsed = Math.ceil(Number(kilobytes) / 1024);
    } catch {
      // The process is gone, or this is not Linux.
    }
  }

  #signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    const { pid } = this.#process;
    if (pid === undefined || this.#exit !== undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The process group is gone.
    }
  }
}

const signalWords: Readonly<Record<string, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/** In the words of Lambda (answers recorded from Lambda; those for signals are unverified). */
function exitReason(status: number | string | null): string | undefined {
  if (status === 0 || status === null) return undefined;
  return typeof status === 'number'
    ? `exit status ${status}`
    : `signal: ${signalWords[status] ?? status.replace(/^SIG/, '').toLowerCase()}`;
}
