import { assumedRole } from '../aws/assumed-role.ts';
import { ClientPool } from '../aws/client-pool.ts';
import type { Target } from '../aws/target.ts';
import { resolveTarget, type TargetOptions } from '../aws/target-resolution.ts';
import { wallClock } from '../util/clock.ts';
import type { RosterEntry } from './roster.ts';

/** How the accounts of students are reached: with a profile of this machine, in a role, or with the credentials in force. */
export type Reaching = Pick<RosterEntry, 'roleArn' | 'externalId' | 'profile' | 'region'>;

/** Finds the way to the account of a student; what is the same for several is looked up once. */
export class ClassTargets {
  /** Used for all accounts, one after the other. */
  readonly clients = new ClientPool();
  readonly #options: TargetOptions;
  readonly #bases = new Map<string, Promise<Target>>();

  /** @param options where AWS is, and whose credentials the instructor has */
  constructor(options: TargetOptions) {
    this.#options = options;
  }

  /**
   * Where the account of a student is, and how to end what was begun to reach it.
   * @param ending ends the asking for credentials
   * @throws {UserError} when there is no such profile, or no region is known.
   */
  async open(
    { roleArn, externalId, profile, region }: Reaching,
    ending: { readonly signal: AbortSignal; readonly onThrottled: () => void },
  ): Promise<{ readonly target: Target; forget(): void }> {
    const base = await this.#base(profile);
    const place = region === undefined ? base : { ...base, region };
    if (roleArn === undefined) return { target: place, forget: () => undefined };
    // A role of the student's own account is asked for where the instructor is, which may be the only region that answers.
    const role = { roleArn, ...(externalId === undefined ? {} : { externalId }) };
    const { credentials, forget } = assumedRole(base, role, { ...ending, clients: this.clients, clock: wallClock });
    return { target: { ...place, credentials }, forget };
  }

  #base(profile: string | undefined): Promise<Target> {
    const key = profile ?? '';
    const known = this.#bases.get(key) ?? resolveTarget({ ...this.#options, ...(profile === undefined ? {} : { profile }) });
    this.#bases.set(key, known);
    return known;
  }
}
