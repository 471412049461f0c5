import { failureOf } from '../problem.ts';
import { notMade, type Sight } from './sight.ts';
import type { TrialRef } from './trial.ts';
import { tryInstead, World, type WorldOptions } from './world.ts';

/** Where one worker tries mistakes, one after the other. */
export interface Bench {
  /**
   * Makes one in a lab that is as it should be but for that, and looks who notices.
   * @throws bugs, and the signal's reason when the proof was interrupted.
   */
  try(ref: TrialRef): Promise<Sight>;
  /** Ends what it works on. */
  close(): Promise<void>;
}

/** A bench in this thread. It keeps a lab that stands for as long as that can be brought back. */
export function openBench(options: WorldOptions): Bench {
  return new WorldBench(options);
}

class WorldBench implements Bench {
  readonly #options: WorldOptions;
  #world: World | undefined;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  async try(ref: TrialRef): Promise<Sight> {
    const { signal } = this.#options.tools;
    try {
      if (ref.when === 'instead') {
        await this.close();
        return await tryInstead(ref, this.#options);
      }
      return await this.#tryAfterwards(ref);
    } catch (error) {
      signal.throwIfAborted();
      if (failureOf(error).fault === 'program') throw error;
      await this.close();
      return notMade(error);
    }
  }

  async #tryAfterwards(ref: TrialRef): Promise<Sight> {
    const sight = await (await this.#solved()).try(ref);
    if (sight !== undefined) return sight;
    await this.close();
    const fresh = await (await this.#solved()).try(ref);
    if (fresh === undefined) throw new Error('A lab that was done anew has nothing to be made good.');
    return fresh;
  }

  async #solved(): Promise<World> {
    if (this.#world !== undefined && !(await this.#world.restore())) await this.close();
    this.#world ??= await World.build(this.#options);
    return this.#world;
  }

  async close(): Promise<void> {
    const world = this.#world;
    this.#world = undefined;
    await world?.close();
  }
}
