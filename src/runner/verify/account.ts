import { setMaxListeners } from 'node:events';
import { AccessLost } from '../../aws/access-lost.ts';
import type { ApiCall } from '../../aws/api-call.ts';
import type { ClientPool } from '../../aws/client-pool.ts';
import { askIdentity } from '../../aws/identity.ts';
import type { Place } from '../../aws/permission.ts';
import { Recollection } from '../../aws/recollection.ts';
import { type AwsSession, type CallEvent, openSession, type SessionOptions } from '../../aws/session.ts';
import type { Target } from '../../aws/target.ts';
import { createWait, type Wait } from '../../aws/wait.ts';
import type { ResourceKind } from '../../steps/resource.ts';
import type { Clock } from '../../util/clock.ts';
import { startStopwatch } from '../../util/stopwatch.ts';
import type { Problem } from '../event.ts';
import { execute } from '../execute.ts';
import type { RunLedger } from '../ledger.ts';
import { modes } from '../mode.ts';
import type { Known, Plan } from '../plan.ts';
import { type Foreseen, foresee } from '../preflight/planned-calls.ts';
import { failureOf } from '../problem.ts';
import { finishedOnly } from './finished.ts';
import { findLearner } from './learner.ts';
import { tally } from './marks.ts';
import { seenFromOutside } from './outside.ts';
import { taggedPrefix } from './prefix.ts';
import { type ProbeTools, withProbes } from './probe.ts';
import { StepMarks } from './step-marks.ts';
import type { AccountMarks, Expectation } from './verification.ts';

/** What is looked at for as short a time as this, in milliseconds, has been there for long, or is not coming. */
const patienceMs = 300;

/** Reading that begins there begins with the first record that there is. */
const longestRetentionMs = 365 * 24 * 3_600_000;

export interface AccountOptions {
  /** The lab, with this text in front of the names of its resources. */
  readonly planWith: (prefix: string) => Promise<Plan>;
  /** What stands in front of the names; where it is not known, it is looked for by tags when nothing is there without one. */
  readonly prefix?: string;
  readonly expect: Expectation;
  /** Also put one record into the stream of what can be probed, and look whether it gets into the log. */
  readonly probe?: boolean;
  /** Where to look. @throws what keeps it from being reached */
  readonly openTarget: () => Promise<Target>;
  /** Twelve digits: the only account that is looked at. */
  readonly account?: string;
  /** Every type of resource that any step can create, by type. */
  readonly resources: ReadonlyMap<string, ResourceKind>;
  readonly clock: Clock;
  /** Aborted to stop looking. Its reason says why what was not come to could not be checked. */
  readonly signal: AbortSignal;
  /** That the sessions of other accounts use as well. Default: its own. */
  readonly clients?: ClientPool;
  /** Told when an account has to be waited for, and when not any more. */
  readonly onWaiting?: (on: boolean) => void;
}

/**
 * Looks how far somebody has come with a lab in an account, with the checks that they had themselves, and without writing
 * anything. Nothing of their machine is needed: what later steps need of earlier ones is read from what is there.
 *
 * Never throws for what AWS answers, or does not: what could not be looked at is in the marks, with the reason.
 */
export async function verifyAccount(options: AccountOptions): Promise<AccountMarks> {
  const { clock, prefix = '' } = options;
  const elapsed = startStopwatch();
  const at = new Date(clock.now()).toISOString();
  const ending = new AbortController();
  const { signal } = ending;
  // Each call that is under way listens to it.
  setMaxListeners(0, signal);
  const end = (): void => ending.abort(options.signal.reason);
  options.signal.addEventListener('abort', end);
  if (options.signal.aborted) end();
  const common = { prefix, at };
  const waiting = new Waiting(signal, options.onWaiting);
  let region = '';
  let line: Line | undefined;
  try {
    const target = await options.openTarget();
    ({ region } = target);
    line = openLine(target, { ...options, signal, ending, waiting });
    const { account, principal } = await askIdentity(line.aws);
    const found = { ...common, region, account, principal };
    if (options.account !== undefined && options.account !== account)
      return { ...(await uncheckable(options, wrongAccount(options.account, account))), ...found, durationMs: elapsed() };
    const visit: Visit = { ...options, target, account, signal, waiting, line };
    const looked = await look(prefix, visit);
    const other = looked.state === 'absent' && options.prefix === undefined ? await otherPrefix(visit) : undefined;
    const best = other === undefined ? looked : { ...(await look(other, visit)), prefix: other };
    return { ...found, ...best, durationMs: elapsed() };
  } catch (error) {
    const problem = signal.aborted ? waiting.problem() : failureOf(error).problem;
    return { ...common, region, ...(await uncheckable(options, problem)), durationMs: elapsed() };
  } finally {
    line?.aws.destroy();
    options.signal.removeEventListener('abort', end);
  }
}

/** An account that can be reached. */
interface Visit extends Omit<AccountOptions, 'account'> {
  readonly target: Target;
  readonly account: string;
  readonly waiting: Waiting;
  readonly line: Line;
}

/** One session for all that is asked of an account, and who is told of its calls. */
interface Line {
  readonly aws: AwsSession;
  readonly wait: Wait;
  /** Makes one write, with a session that refuses all others. */
  publish<Output>(call: ApiCall<Output>): Promise<Output>;
  listener: ((event: CallEvent) => void) | undefined;
}

function openLine(target: Target, options: AccountOptions & { readonly ending: AbortController; readonly waiting: Waiting }): Line {
  const { clock, signal, clients, ending, waiting } = options;
  const wait = createWait({ clock, signal, onWaiting: (what) => waiting.begin(what), onWaited: () => waiting.end() });
  const common: SessionOptions = {
    target,
    clock,
    wait,
    signal,
    readOnly: true,
    onCall(event) {
      line.listener?.(event);
      // Then the steps that are left need not find that out one by one.
      if (event.error instanceof AccessLost && event.error.scope === 'everything') ending.abort(event.error);
    },
  };
  const line: Line = {
    aws: openSession({
      ...common,
      // Several steps of a lab look at the same things, and an account lets through few calls in a second.
      recollection: new Recollection(() => waiting.isOn),
      ...(clients === undefined ? {} : { clients }),
    }),
    wait,
    listener: undefined,
    async publish(call) {
      const aws = openSession({ ...common, reached: true, except: call });
      try {
        return await aws.call(call);
      } finally {
        aws.destroy();
      }
    },
  };
  return line;
}

/** What is waited for, so that whoever is given up is told what stood in the way. */
class Waiting {
  readonly #signal: AbortSignal;
  readonly #tell: ((on: boolean) => void) | undefined;
  /** A wait may be one for an answer that another wait needs. */
  readonly #whats: string[] = [];

  constructor(signal: AbortSignal, tell: ((on: boolean) => void) | undefined) {
    this.#signal = signal;
    this.#tell = tell;
  }

  begin(what: string): void {
    if (this.#signal.aborted) return;
    this.#whats.push(what);
    this.#tell?.(true);
  }

  end(): void {
    if (this.#signal.aborted) return;
    this.#whats.pop();
    this.#tell?.(this.isOn);
  }

  get isOn(): boolean {
    return this.#whats.length > 0;
  }

  /** Why it was ended. */
  problem(): Problem {
    const { problem } = failureOf(this.#signal.reason);
    const what = this.#whats.at(-1);
    return what === undefined ? problem : { ...problem, message: `${problem.message} It was waiting for ${what}.` };
  }
}

/** What looking has come to. */
type Looked = Pick<AccountMarks, 'state' | 'points' | 'steps' | 'learner' | 'problem'>;

async function look(prefix: string, options: Visit): Promise<Looked> {
  const { target, account, clock, signal, expect, waiting, line, probe = false } = options;
  const { aws, wait, publish } = line;
  const page = await options.planWith(prefix);
  const tools: ProbeTools = { publish, context: { aws, wait }, now: () => clock.now(), tell: (evidence) => marks.probed(evidence) };
  const plan = probe ? withProbes(page, tools) : page;
  const place: Place = { partition: 'aws', region: target.region, account };
  const learner = await findLearner(page, namesOf(page), line);
  const known: Known = {
    outputs: {},
    nonce: learner?.nonce ?? '????????',
    started: learner?.started ?? new Date(clock.now() - longestRetentionMs).toISOString(),
  };
  const foreseen = foresee(plan, place, learner === undefined ? undefined : known);
  const marks = new StepMarks({ plan, expect, known, foreseen, place });
  const opened = ({ onCall }: SessionOptions): AwsSession => {
    line.listener = (event) => {
      marks.call(event);
      onCall?.(event);
    };
    const destroy = (): void => {
      line.listener = undefined;
    };
    return { ...line.aws, destroy };
  };
  await execute({
    plan: seenFromOutside(plan, foreseen, expect, (step, why) => marks.unknown(step, why)),
    mode: modes.check,
    target,
    account,
    openSession: opened,
    clock,
    patienceMs,
    ledger: unwritten(plan, known, options),
    report(event) {
      if (event.type === 'waiting') waiting.begin(event.what);
      if (event.type === 'waited') waiting.end();
      marks.report(event);
    },
    signal,
    abandon: signal,
  });
  const problem = signal.aborted ? waiting.problem() : undefined;
  const steps = marks.all(problem ?? { message: 'It was not come to.' });
  const judged = expect === 'finished' ? finishedOnly(steps) : steps;
  const [first] = judged.filter(({ state }) => state === 'unchecked');
  const why = problem ?? first?.problem;
  return { ...tally(judged), steps: judged, ...(learner === undefined ? {} : { learner }), ...(why === undefined ? {} : { problem: why }) };
}

const named = new WeakMap<Plan, readonly Foreseen[]>();

/** The steps of a plan for their names alone, in which no account has a part. */
function namesOf(plan: Plan): readonly Foreseen[] {
  const known = named.get(plan) ?? foresee(plan, { partition: 'aws', region: 'us-east-1', account: '000000000000' });
  named.set(plan, known);
  return known;
}

/** With which other prefix the lab was done, as far as tags tell. */
async function otherPrefix(options: Visit): Promise<string | undefined> {
  const plan = await options.planWith('');
  const foreseen = foresee(plan, { partition: 'aws', region: options.target.region, account: options.account });
  try {
    return await taggedPrefix(plan, foreseen, options.resources, options.line);
  } catch {
    // Nothing was found under the names of the lab, and no more can be said.
    return undefined;
  }
}

/** What it comes to when an account could not be looked at. */
export async function uncheckable(
  { planWith, prefix = '', expect, probe = false }: Pick<AccountOptions, 'planWith' | 'prefix' | 'expect' | 'probe'>,
  problem: Problem,
): Promise<Looked> {
  const page = await planWith(prefix);
  const plan = probe ? withProbes(page) : page;
  const known: Known = { outputs: {}, nonce: '', started: '' };
  const place: Place = { partition: 'aws', region: '', account: '' };
  const steps = new StepMarks({ plan, expect, known, foreseen: namesOf(plan), place }).all(problem);
  return { ...tally(steps), steps, problem };
}

function wrongAccount(expected: string, found: string): Problem {
  return {
    message: `The credentials lead to account ${found}, and not to ${expected}.`,
    hint: 'Nothing was looked at there. Compare the account of the roster with the role or the profile.',
  };
}

/** Nothing is written in a run that only looks. */
function unwritten({ lab, values }: Plan, { nonce, started }: Known, { target, account, prefix = '' }: Visit): RunLedger {
  const { label, region } = target;
  const header = {
    ledger: 0,
    run: '',
    lab: { id: lab.id, file: lab.file },
    target: { label, region, account },
    nonce,
    started,
    prefix,
    values,
  };
  return { header, entries: [], live: [], announce: () => undefined, note: () => undefined };
}
