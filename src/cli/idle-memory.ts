import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between two looks. V8 keeps room for what comes as fast as the objects of the last five seconds have come. */
const lookMs = 6_000;
/** Whoever uses no more of a processor between two looks rests; milliseconds. */
const mostAtRest = 60;
/** Work from which on there is something to give back, in milliseconds of a processor. */
const leastWork = 300;

/** Tells when a process has come to rest after work. */
export class Rest {
  #used: number;
  #work = 0;

  /** @param used milliseconds of processor time that the process has used until now */
  constructor(used: number) {
    this.#used = used;
  }

  /** @param used the same at the next look. @returns whether it rests, for the first time since it has worked */
  comes(used: number): boolean {
    const spent = used - this.#used;
    this.#used = used;
    this.#work += spent;
    if (spent > mostAtRest || this.#work < leastWork) return false;
    this.#work = 0;
    return true;
  }
}

/**
 * Gives memory back when this process rests. What work has filled, V8 keeps for more of it, however long that takes to come: of a
 * sandbox that had answered a few thousand calls and then waited, that was a third (100 MB, and 70 without). It takes 20 ms, in
 * which nobody is answered.
 * @param used milliseconds of processor time that the process has used
 * @returns what ends it
 */
export function giveMemoryBack(used: () => number = processorTime, everyMs: number = lookMs): () => void {
  const collect = collector();
  const rest = new Rest(used());
  const looking = setInterval(() => rest.comes(used()) && collect(), everyMs);
  looking.unref();
  return () => clearInterval(looking);
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** What V8 has for this is not there without a flag, which is read when a context is made. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
