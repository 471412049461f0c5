import { isReadOnly } from '../aws/api-call.ts';
import type { AwsSession, SessionOptions } from '../aws/session.ts';
import { principalMark, tagsFor } from '../aws/tags.ts';
import type { Target } from '../aws/target.ts';
import { createWait, impatient, type Wait } from '../aws/wait.ts';
import type { RunCommand } from '../steps/command.ts';
import type { ResourceKind } from '../steps/resource.ts';
import type { Clock } from '../util/clock.ts';
import { Answers } from './answers.ts';
import type { Reporter } from './event.ts';
import type { Guide } from './guide.ts';
import type { RunLedger } from './ledger.ts';
import type { Mode } from './mode.ts';
import type { Plan } from './plan.ts';
import type { Keeping } from './teardown.ts';

export interface RunOptions {
  readonly plan: Plan;
  readonly mode: Mode;
  readonly target: Target;
  /** Twelve digits: whose account the target's credentials belong to. */
  readonly account: string;
  /** The ARN of whoever the credentials belong to; what is created is marked with it. Default: it is not. */
  readonly principal?: string;
  /** `openSession`, or what a test puts in its place. */
  readonly openSession: (options: SessionOptions) => AwsSession;
  readonly clock: Clock;
  /** The same time, on which waiting takes none: for steps that are done again without questions. */
  readonly hurriedClock?: Clock;
  /** Of this run: a new one, or that of the run that is taken up again. */
  readonly ledger: RunLedger;
  readonly report: Reporter;
  /** How steps run commands on this machine; absent where that was not allowed. */
  readonly runCommand?: RunCommand;
  /** Milliseconds that steps may wait in vain, all together: for whoever looks at what was done long ago. Default: as long as each says. */
  readonly patienceMs?: number;
  /** Needed in modes that ask. */
  readonly guide?: Guide;
  /** Every type of resource that any step can create, by type: for what steps made that the lab no longer has. */
  readonly allResources?: () => Promise<ReadonlyMap<string, ResourceKind>>;
  /** The id of a step. Those before it are done without questions, and earn nothing. */
  readonly from?: string;
  /** ISO 8601: until when what the run creates may live; written down. */
  readonly until?: string;
  /** What is left in place at the end, whatever the mode says. Default: nothing. */
  readonly keep?: Keeping;
  /** Aborted to interrupt the run. What it has created is still taken down. */
  readonly signal: AbortSignal;
  /** Aborted to stop at once, in the middle of the teardown too. */
  readonly abandon: AbortSignal;
}

/** The means by which a part of a run works: AWS, a way to wait, and the answers of the step that is being worked on. */
export interface Workshop {
  readonly aws: AwsSession;
  readonly wait: Wait;
  /** Begins a new step: what was answered before is no longer known. */
  begin(): Answers;
  /** Whether waiting is to take no time from now on, where that can be. */
  hurry(on: boolean): void;
  /** Whether a write got no answer, so that it may still take effect. */
  readonly cutOff: boolean;
  close(): void;
}

export interface WorkshopOptions
  extends Pick<
    RunOptions,
    'target' | 'principal' | 'openSession' | 'clock' | 'hurriedClock' | 'patienceMs' | 'report' | 'ledger' | 'abandon'
  > {
  /** Refuse every write. */
  readonly readOnly: boolean;
  /** Ends waits and reads at once, and writes when they had time to be answered or with `abandon`. */
  readonly signal: AbortSignal;
}

/** Opens a session and a wait that end with `signal`, and that report every call and every wait. */
export function openWorkshop(options: WorkshopOptions): Workshop {
  const { target, ledger, report, readOnly, signal, abandon, principal } = options;
  let pace = options.clock;
  const clock: Clock = {
    now: () => pace.now(),
    sleep: (ms, aborted) => pace.sleep(ms, aborted),
    get jumps() {
      return pace.jumps ?? false;
    },
  };
  let answers = new Answers();
  let cutOff = false;
  const wait = createWait({
    clock,
    signal,
    onWaiting: (what) => report({ type: 'waiting', at: clock.now(), what }),
    onWaited: (what, durationMs) => report({ type: 'waited', at: clock.now(), what, durationMs }),
  });
  const aws = options.openSession({
    target,
    clock,
    wait,
    signal,
    abandon,
    onFinishing: ({ service, operation }) => report({ type: 'waiting', at: clock.now(), what: `${service}:${operation} to be answered` }),
    readOnly,
    // Its account has been asked for.
    reached: true,
    tags: tagsFor({
      lab: ledger.header.lab.id,
      run: ledger.header.run,
      created: ledger.header.started,
      ...(principal === undefined ? {} : { by: principalMark(principal) }),
    }),
    onCall(event) {
      const { call, durationMs, requestId, error } = event;
      if (event.error === undefined) answers.add(call, event.answer);
      else if (event.mayBeDone && !isReadOnly(call)) cutOff = true;
      report({
        type: 'call-answered',
        at: clock.now(),
        call,
        durationMs,
        ...(requestId === undefined ? {} : { requestId }),
        ...(error === undefined ? {} : { error: error.message }),
      });
    },
  });
  const { patienceMs } = options;
  return {
    aws,
    wait: patienceMs === undefined ? wait : impatient(wait, patienceMs),
    get cutOff() {
      return cutOff;
    },
    begin() {
      answers = new Answers();
      return answers;
    },
    hurry(on) {
      pace = on ? (options.hurriedClock ?? options.clock) : options.clock;
    },
    close: () => aws.destroy(),
  };
}

/** The guide of a run that asks. */
export function guideOf({ guide, mode }: RunOptions): Guide {
  if (guide === undefined) throw new Error(`The mode ${mode.name} asks, and there is nobody to ask.`);
  return guide;
}
