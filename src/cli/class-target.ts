import { assumedRole } from '../aws/assumed-role.ts';
import type { Target } from '../aws/target.ts';
import { resolveTarget, type TargetOptions } from '../aws/target-resolution.ts';
import { wallClock } from '../util/clock.ts';
import type { RosterEntry } from './roster.ts';

/** How the accounts of students are reached: with a profile of this machine, in a role, or with the credentials in force. */
export type Reaching = Pick<RosterEntry, 'roleArn' | 'externalId' | 'profile' | 'region'>;

/** Finds the way to the account of a student; what is the same for several is looked up once. */
export class ClassTargets {
  readonly #options: TargetOptions;
  readonly #bases = new Map<string, Promise<Target>>();

  /** @param options where AWS is, and whose credentials the instructor has */
  constructor(options: TargetOptions) {
    this.#options = options;
  }

  /**
   * @param ending ends the asking for credentials
   * @throws {UserError} when there is no such profile, or no region is known.
   */
  async open(
    { roleArn, externalId, profile, region }: Reaching,
    ending: { readonly signal: AbortSignal; readonly onThrottled: () => void },
  ): Promise<Target> {
    const base = await this.#base(profile);
    const place = region === undefined ? base : { ...base, region };
    if (roleArn === undefined) return place;
    // A role of the student's own account is asked for where the instructor is, which may be the only region that answers.
    const role = { roleArn, ...(externalId === undefined ? {} : { externalId }) };
    return { ...place, credentials: assumedRole(base, role, { ...ending, clock: wallClock }) };
  }

  #base(profile: string | undefined): Promise<Target> {
    const key = profile ?? '';
    const known = this.#bases.get(key) ?? resolveTarget({ ...this.#options, ...(profile === undefined ? {} : { profile }) });
    this.#bases.set(key, known);
    return known;
  }
}
