import type { Finding } from '../../steps/step.ts';
import type { Problem, Reporter, RunEvent, RunResult, StepOutcome } from '../event.ts';

/** What one run came to, for reports that are written at the end. */
export interface RunRecord {
  readonly lab: { readonly id: string; readonly title: string; readonly file: string };
  readonly run?: string;
  readonly mode?: string;
  readonly target?: string;
  readonly region?: string;
  readonly account?: string;
  /** Epoch milliseconds of the run's clock. */
  readonly startedAt: number;
  readonly steps: readonly StepRecord[];
  /** Absent when the run did not get to its end. */
  readonly result?: RunResult;
  /** Why the lab could not be started at all. */
  readonly problem?: Problem;
}

/** One step of the lab, whether the run got to it or not. */
export interface StepRecord {
  readonly id: string;
  readonly heading: string;
  readonly uses: string;
  readonly line: number;
  readonly points: number;
  readonly outcome: StepOutcome | 'not-reached';
  readonly durationMs: number;
  /** Of the last check. */
  readonly findings: readonly Finding[];
  readonly problem?: Problem;
}

/** Keeps what the events of one or more runs come to. */
export class RunRecords {
  readonly #runs: { -readonly [Key in keyof RunRecord]: RunRecord[Key] }[] = [];

  get runs(): readonly RunRecord[] {
    return this.#runs;
  }

  readonly report: Reporter = (event) => {
    if (event.type === 'run-started') this.#runs.push(begun(event));
    const run = this.#runs.at(-1);
    if (run === undefined) return;
    if (event.type === 'findings') run.steps = changed(run.steps, event.step.block.id, { findings: event.findings });
    if (event.type === 'step-ended') {
      const { outcome, durationMs, problem } = event;
      run.steps = changed(run.steps, event.step.block.id, { outcome, durationMs, ...(problem === undefined ? {} : { problem }) });
    }
    if (event.type === 'run-ended') run.result = event.result;
  };

  /** Notes a lab of which not even the first event came. */
  couldNotStart(lab: RunRecord['lab'], problem: Problem, at: number): void {
    this.#runs.push({ lab, startedAt: at, steps: [], problem });
  }
}

function begun(event: Extract<RunEvent, { type: 'run-started' }>): RunRecord {
  const { plan, runId: run, mode, target, region, account, at } = event;
  const { id, title, file } = plan.lab;
  return {
    lab: { id, title, file },
    run,
    mode,
    target,
    region,
    account,
    startedAt: at,
    steps: plan.steps.map(({ block }) => ({
      id: block.id,
      heading: block.heading,
      uses: block.uses,
      line: block.place.line,
      points: block.points,
      outcome: 'not-reached',
      durationMs: 0,
      findings: [],
    })),
  };
}

function changed(steps: readonly StepRecord[], id: string, change: Partial<StepRecord>): readonly StepRecord[] {
  return steps.map((step) => (step.id === id ? { ...step, ...change } : step));
}
