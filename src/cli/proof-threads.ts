import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { type Bench, openBench } from '../runner/proof/bench.ts';
import type { WorldOptions } from '../runner/proof/world.ts';
import type { ReadyLab } from './lab-queue.ts';
import { type BenchMessage, type BenchOrder, type BenchRequest, decoded, type ThreadRequest } from './proof-messages.ts';
import type { ProofFlags } from './proof-tools.ts';

/** Each has the program in memory once more, and more than so many would wait for the functions that they start. */
const mostThreads = 4;

/** To begin a thread takes about as long as so many benches keep another one busy for a while. */
const beginning = 1.5;

/** Somewhere that benches can be opened. */
interface Place {
  readonly begun: boolean;
  open(lab: ReadyLab, options: WorldOptions): Bench;
  end(): Promise<void>;
}

/**
 * The threads in which mistakes are tried: this one and, where there are more processors, others beside it. A sandbox and whoever
 * works on it are the work of one thread, and most of what a proof takes.
 */
export class ProofThreads {
  readonly #places: readonly { readonly place: Place; benches: number }[];

  /** @param signal interrupts what goes on in all of them. */
  constructor(flags: ProofFlags, signal: AbortSignal, count: number = Math.min(availableParallelism(), mostThreads)) {
    const here: Place = { begun: true, open: (_, options) => openBench(options), end: async () => undefined };
    const others = Array.from({ length: count - 1 }, () => new OtherThread(flags, signal));
    this.#places = [here, ...others].map((place) => ({ place, benches: 0 }));
  }

  /** Opens a bench where there is the least to do. */
  openBench(lab: ReadyLab, options: WorldOptions): Bench {
    const load = ({ place, benches }: { readonly place: Place; readonly benches: number }) => benches + (place.begun ? 0 : beginning);
    const [least] = [...this.#places].sort((one, other) => load(one) - load(other));
    if (least === undefined) throw new Error('There is no thread.');
    const bench = least.place.open(lab, options);
    least.benches += 1;
    return {
      try: (ref) => bench.try(ref),
      async close() {
        least.benches -= 1;
        await bench.close();
      },
    };
  }

  /** Ends the other threads. Their benches are to be closed before. */
  async end(): Promise<void> {
    await Promise.all(this.#places.map(({ place }) => place.end()));
  }
}

/** A thread beside this one, which is begun when it is first needed. */
class OtherThread implements Place {
  readonly #flags: ProofFlags;
  readonly #signal: AbortSignal;
  #worker: Worker | undefined;
  /** Rejects when the thread ends of itself. */
  #broken: Promise<never> = new Promise(() => undefined);

  constructor(flags: ProofFlags, signal: AbortSignal) {
    this.#flags = flags;
    this.#signal = signal;
  }

  get begun(): boolean {
    return this.#worker !== undefined;
  }

  open({ path, io }: ReadyLab, { present }: WorldOptions): Bench {
    const { port1: ours, port2: port } = new MessageChannel();
    const { env, cwd, colour, width } = io;
    const order: BenchOrder = { path, flags: this.#flags, place: { env, cwd, colour, width }, present };
    this.#tell({ type: 'open', port, order }, [port]);
    const ask = (request: BenchRequest) => Promise.race([asked(ours, request, io.err), this.#broken]);
    return {
      async try(trial) {
        const answer = await ask({ type: 'try', trial });
        if (answer.type === 'tried') return answer.sight;
        throw answer.type === 'failed' ? answer.error : new Error(`A thread answered ${answer.type} to a trial.`);
      },
      async close() {
        try {
          const answer = await ask({ type: 'close' });
          if (answer.type === 'failed') throw answer.error;
        } finally {
          ours.close();
        }
      },
    };
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }

  #tell(request: ThreadRequest, transfer: readonly MessagePort[] = []): void {
    this.#worker ??= this.#begin();
    this.#worker.postMessage(request, transfer);
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./proof-thread.js', import.meta.url));
    this.#broken = new Promise((_resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`A thread ended with ${code}.`)));
    });
    this.#broken.catch(() => undefined);
    const interrupt = () => worker.postMessage({ type: 'interrupt' } satisfies ThreadRequest);
    this.#signal.addEventListener('abort', interrupt);
    if (this.#signal.aborted) interrupt();
    return worker;
  }
}

/** Asks a bench, and prints what it says until it answers. */
function asked(port: MessagePort, request: BenchRequest, say: (text: string) => void): Promise<Exclude<BenchMessage, { type: 'said' }>> {
  return new Promise((resolve) => {
    const listen = (text: string): void => {
      const message = decoded(text);
      if (message.type === 'said') {
        say(message.text);
        return;
      }
      port.off('message', listen);
      resolve(message);
    };
    port.on('message', listen);
    port.postMessage(request);
  });
}
