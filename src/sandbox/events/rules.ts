import { type Cloud, type Scope, slot } from '../cloud.ts';
import { atEachMoment } from './clockwork.ts';
import { deliver } from './delivery.ts';
import { limitExceeded, ruleNotFound } from './errors.ts';
import { Rule, type RuleSettings } from './rule.ts';

/** How many rules a bus may have (EventBridge quotas). */
const mostRules = 300;

/** The rules of the default event bus of one account in one region, and their clockworks. */
export class Rules {
  readonly #cloud: Cloud;
  readonly #scope: Scope;
  readonly #byName = new Map<string, Rule>();
  /** What stops the clockwork of a rule that is enabled. */
  readonly #running = new Map<Rule, AbortController>();

  constructor(scope: Scope, cloud: Cloud) {
    this.#scope = scope;
    this.#cloud = cloud;
  }

  all(): readonly Rule[] {
    return [...this.#byName.values()];
  }

  find(name: string): Rule | undefined {
    return this.#byName.get(name);
  }

  /** @throws {AwsError} ResourceNotFoundException */
  named(name: string): Rule {
    const rule = this.find(name);
    if (rule === undefined) throw ruleNotFound(name);
    return rule;
  }

  /**
   * Creates a rule, or changes all of it but its targets and tags.
   * @throws {AwsError} LimitExceededException
   */
  put(name: string, settings: RuleSettings, tags: ReadonlyMap<string, string>): Rule {
    const existing = this.find(name);
    if (existing !== undefined) {
      this.change(existing, settings);
      return existing;
    }
    // The text was recorded for targets; that too many rules get the same is unverified.
    if (this.#byName.size >= mostRules) throw limitExceeded();
    const rule = new Rule(this.#scope, name, settings, tags);
    this.#byName.set(name, rule);
    if (settings.state === 'ENABLED') this.#start(rule);
    return rule;
  }

  /** A rule that stays enabled and keeps its expression goes on as it was; whether it does on AWS is unverified. */
  change(rule: Rule, settings: RuleSettings): void {
    const before = rule.settings;
    rule.settings = settings;
    if (before.state === settings.state && before.expression === settings.expression) return;
    this.#stop(rule);
    if (settings.state === 'ENABLED') this.#start(rule);
  }

  delete(rule: Rule): void {
    this.#stop(rule);
    this.#byName.delete(rule.name);
  }

  #stop(rule: Rule): void {
    this.#running.get(rule)?.abort();
    this.#running.delete(rule);
  }

  #start(rule: Rule): void {
    const stopped = new AbortController();
    this.#running.set(rule, stopped);
    this.#cloud.inBackground(() => this.#run(rule, stopped.signal));
  }

  #run(rule: Rule, stopped: AbortSignal): Promise<void> {
    const { clock, signal } = this.#cloud;
    const { schedule } = rule.settings;
    const since = clock.now();
    const next = (after: number) => schedule.next(Math.max(after, since), since);
    return atEachMoment(this.#cloud, next, AbortSignal.any([signal, stopped]), (due) => {
      for (const target of rule.targets.values()) deliver(this.#cloud, rule, target, due);
    });
  }
}

const rules = slot('events', (scope, cloud) => new Rules(scope, cloud));

export function rulesOf(cloud: Cloud, scope: Scope): Rules {
  return cloud.state(rules, scope);
}
