import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between two looks. */
const lookMs = 2_000;
/**
 * Looks between the two collections of a rest. V8 keeps room for as much as has come in the last five seconds, and counts what has
 * come by its collections alone: the first one after work still finds the work in them, which the second does not. So the first
 * is a small one.
 */
const looksApart = 3;
/** Whoever uses no more of a processor between two looks rests; milliseconds. */
const mostAtRest = 60;
/** Work from which on there is something to give back, in milliseconds of a processor. */
const leastWork = 300;

/** What V8 calls a collection of what was made lately, and of everything. */
type Collection = 'minor' | 'major';

/** Tells when a process has come to rest after work, and what to collect then. */
export class Rest {
  #used: number;
  #work = 0;
  #due: Collection | undefined;
  #looks = 0;

  /** @param used milliseconds of processor time that the process has used until now */
  constructor(used: number) {
    this.#used = used;
  }

  /** @param used the same at the next look. @returns what to collect; nothing as long as it works, or has done too little */
  comes(used: number): Collection | undefined {
    const spent = used - this.#used;
    this.#used = used;
    this.#work += spent;
    this.#looks += 1;
    if (this.#work >= leastWork) {
      this.#work = 0;
      this.#due = 'minor';
    }
    const due = this.#due;
    if (spent > mostAtRest || (due === 'major' && this.#looks < looksApart)) return undefined;
    this.#due = due === 'minor' ? 'major' : undefined;
    this.#looks = 0;
    return due;
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
  const looking = setInterval(() => {
    const type = rest.comes(used());
    if (type !== undefined) collect(type);
  }, everyMs);
  looking.unref();
  return () => clearInterval(looking);
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** What V8 has for this is not there without a flag, which is read when a context is made. */
function collector(): (type: Collection) => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (what?: { readonly type: 'minor' }) => void;
  setFlagsFromString('--no-expose-gc');
  // That of Node.js 20 takes whatever it is told for a minor one.
  return (type) => (type === 'minor' ? collect({ type }) : collect());
}
