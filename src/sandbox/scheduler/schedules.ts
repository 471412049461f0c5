import { type Cloud, type Scope, slot } from '../cloud.ts';
import { atEachMoment } from '../events/clockwork.ts';
import { conflict, groupNotFound, scheduleNotFound } from './errors.ts';
import { invokeTarget } from './invocation.ts';
import { groupArn, Schedule, type ScheduleGroup, type ScheduleSettings, scheduleArn } from './schedule.ts';

export const defaultGroup = 'default';

/** The schedules of one account in one region, their groups, and their clockworks. */
export class Schedules {
  readonly #cloud: Cloud;
  readonly #scope: Scope;
  readonly #groups = new Map<string, ScheduleGroup>();
  /** By their ARNs. */
  readonly #schedules = new Map<string, Schedule>();
  /** What stops the clockwork of a schedule. */
  readonly #running = new Map<Schedule, AbortController>();

  constructor(scope: Scope, cloud: Cloud) {
    this.#scope = scope;
    this.#cloud = cloud;
    this.#addGroup(defaultGroup, new Map());
  }

  groups(): readonly ScheduleGroup[] {
    return [...this.#groups.values()];
  }

  schedules(): readonly Schedule[] {
    return [...this.#schedules.values()];
  }

  /** @throws {AwsError} ResourceNotFoundException */
  group(name = defaultGroup): ScheduleGroup {
    const group = this.#groups.get(name);
    if (group === undefined) throw groupNotFound(name);
    return group;
  }

  /** @throws {AwsError} ResourceNotFoundException for the group or the schedule */
  schedule(name: string, groupName?: string): Schedule {
    const found = this.#find(this.group(groupName), name);
    if (found === undefined) throw scheduleNotFound(name);
    return found;
  }

  /** @throws {AwsError} ConflictException */
  createGroup(name: string, tags: ReadonlyMap<string, string>): ScheduleGroup {
    if (this.#groups.has(name)) throw conflict(`Schedule group ${name}`);
    return this.#addGroup(name, tags);
  }

  /** With all of its schedules, at once, which takes a while on AWS. */
  deleteGroup(group: ScheduleGroup): void {
    for (const schedule of this.schedules()) if (schedule.group === group) this.delete(schedule);
    this.#groups.delete(group.name);
  }

  /** @throws {AwsError} ConflictException */
  create(group: ScheduleGroup, name: string, settings: ScheduleSettings): Schedule {
    if (this.#find(group, name) !== undefined) throw conflict(`Schedule ${name}`);
    const schedule = new Schedule(this.#scope, group, name, settings, this.#cloud.clock.now());
    this.#schedules.set(schedule.arn, schedule);
    this.#start(schedule);
    return schedule;
  }

  change(schedule: Schedule, settings: ScheduleSettings): void {
    this.#stop(schedule);
    schedule.settings = settings;
    schedule.modified = this.#cloud.clock.now();
    this.#start(schedule);
  }

  delete(schedule: Schedule): void {
    this.#stop(schedule);
    this.#schedules.delete(schedule.arn);
  }

  #addGroup(name: string, tags: ReadonlyMap<string, string>): ScheduleGroup {
    const group = { name, arn: groupArn(this.#scope, name), created: this.#cloud.clock.now(), tags: new Map(tags) };
    this.#groups.set(name, group);
    return group;
  }

  #find(group: ScheduleGroup, name: string): Schedule | undefined {
    return this.#schedules.get(scheduleArn(this.#scope, group.name, name));
  }

  #stop(schedule: Schedule): void {
    this.#running.get(schedule)?.abort();
    this.#running.delete(schedule);
  }

  #start(schedule: Schedule): void {
    if (schedule.settings.state === 'DISABLED') return;
    const stopped = new AbortController();
    this.#running.set(schedule, stopped);
    this.#cloud.inBackground(() => this.#run(schedule, AbortSignal.any([this.#cloud.signal, stopped.signal])));
  }

  async #run(schedule: Schedule, ended: AbortSignal): Promise<void> {
    const { occurrences, window, afterwards } = schedule.settings;
    const runs: Promise<void>[] = [];
    const widthMs = window.Mode === 'FLEXIBLE' ? (window.MaximumWindowInMinutes ?? 0) * 60_000 : 0;
    await atEachMoment(
      this.#cloud,
      (after) => occurrences.next(after),
      ended,
      (due) => {
        const run = this.#invoke(schedule, due, Math.random() * widthMs);
        this.#cloud.inBackground(() => run);
        if (afterwards === 'DELETE') runs.splice(0, runs.length, run);
      },
    );
    // A schedule that could never run is kept; what AWS does with it is unverified.
    if (afterwards !== 'DELETE' || runs.length === 0) return;
    await Promise.allSettled(runs);
    if (!ended.aborted) this.delete(schedule);
  }

  async #invoke(schedule: Schedule, due: number, delayMs: number): Promise<void> {
    if (delayMs > 0) await this.#cloud.clock.sleep(delayMs, this.#cloud.signal);
    await invokeTarget(this.#cloud, schedule, due);
  }
}

const schedules = slot('scheduler', (scope, cloud) => new Schedules(scope, cloud));

export function schedulesOf(cloud: Cloud, scope: Scope): Schedules {
  return cloud.state(schedules, scope);
}
