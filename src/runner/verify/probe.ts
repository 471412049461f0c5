import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ApiCall } from '../../aws/api-call.ts';
import { AnswerLost, ApiError, orAbsent } from '../../aws/aws.ts';
import { looked, missing } from '../../steps/finding.ts';
import { containing, logEvents } from '../../steps/logs/log-events.ts';
import { failureHint, type Watched, watchLog } from '../../steps/logs/log-watch.ts';
import type { ResourceContext } from '../../steps/resource.ts';
import { defineStep, type Finding, type Probe, type Step, type StepKind } from '../../steps/step.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { bothEnds, short } from '../../util/text.ts';
import { UserError } from '../../util/user-error.ts';
import type { Known, Plan, PlannedStep } from '../plan.ts';
import { foresee } from '../preflight/planned-calls.ts';
import type { ProbeEvidence } from './verification.ts';

/** What a probe works with. */
export interface ProbeTools {
  /** Makes this one write, which the session of the checks refuses. */
  publish<Output>(call: ApiCall<Output>): Promise<Output>;
  /** Where waiting takes as long as the probe says. */
  readonly context: ResourceContext;
  now(): number;
  /** Told what the record was and what became of it. */
  tell(evidence: ProbeEvidence): void;
}

/** What is not to be probed, but counted. */
const idle: ProbeTools = {
  publish: () => Promise.reject(new Error('Nothing is probed here.')),
  get context(): never {
    throw new Error('Nothing is probed here.');
  },
  now: () => 0,
  tell: () => undefined,
};

/**
 * The same lab with a step more behind its last one for each of its steps that can be probed: it puts a record into the
 * stream, and looks whether the log shows it. Such a step has no points, so that a lab has as many with probes as without.
 * @param tools absent where the steps are only to be named
 */
export function withProbes(plan: Plan, tools: ProbeTools = idle): Plan {
  return { ...plan, steps: [...plan.steps, ...probedSteps(plan).map(({ planned }) => probeStep(planned, tools))] };
}

const known = new WeakMap<Plan, readonly Probed[]>();

/** A step that can be probed. */
interface Probed {
  readonly planned: PlannedStep;
  /** The name of the stream that gets the record. */
  readonly stream: string;
}

/** The steps of a lab of which its page says with which record it can be seen whether they work. */
export function probedSteps(plan: Plan): readonly Probed[] {
  const before = known.get(plan);
  if (before !== undefined) return before;
  const found = foresee(plan, { partition: 'aws', region: 'us-east-1', account: '000000000000' }).flatMap(({ planned, step }): Probed[] => {
    const probe = step.probe();
    return probe === undefined ? [] : [{ planned, stream: streamOf(probe) }];
  });
  known.set(plan, found);
  return found;
}

function streamOf({ put }: Probe): string {
  return String(put.input['StreamARN']).split('/').at(-1) ?? '';
}

function probeStep(planned: PlannedStep, tools: ProbeTools): PlannedStep {
  // No step of a page can have an id of two words.
  const id = `${planned.block.id} probe`;
  const bind = (run: Known): Step => {
    const nonce = randomBytes(4).toString('hex');
    const probe = planned.bind({ ...run, nonce }).probe();
    return kindThat(async () => (probe === undefined ? [] : look(probe, nonce, tools))).bind({});
  };
  return {
    ...planned,
    block: { ...planned.block, id, heading: 'Does it work at this moment?', uses: 'probe', points: 0, hint: undefined },
    kind: kindThat(async () => []),
    output: undefined,
    prose: '',
    answerProse: '',
    bind,
    expected: () => undefined,
  };
}

function kindThat(check: () => Promise<readonly Finding[]>): StepKind {
  return defineStep({
    summary: 'Puts a record, and looks whether the log shows it.',
    input: z.strictObject({}),
    outputs: {},
    examples: [],
    resources: [],
    owns: () => [],
    explain: () => [],
    shows: () => undefined,
    apply: async () => undefined,
    check,
  });
}

async function look(probe: Probe, nonce: string, { publish, context, now, tell }: ProbeTools): Promise<readonly Finding[]> {
  const { put, group, text, withinMs } = probe;
  const stream = streamOf(probe);
  const obstacle = await probe.obstacle(context);
  if (obstacle !== undefined) return [{ ...obstacle, observed: `${obstacle.observed}; so no record was put` }];
  const before = (await logEvents(context.aws, group))?.at(-1)?.timestamp;
  const at = new Date(now()).toISOString();
  const taken = await orAbsent(published(put, publish));
  const fact = `record put into ${stream}`;
  if (taken === undefined) return [missing(fact, 'taken', 'there is no such stream', 'The mapping reads a stream that is gone.')];
  const record = { nonce, stream, put: at, ...('ShardId' in taken ? { shard: taken.ShardId, sequenceNumber: taken.SequenceNumber } : {}) };
  tell(record);
  const since = before === undefined ? {} : { since: before + 1 };
  const watched = await watchLog({ group, text, count: 1, timeoutMs: withinMs, ...since }, context);
  const [event] = containing(watched.events, text);
  if (event === undefined && 'lost' in taken) throw taken.lost;
  const { logStreamName: logStream = '', timestamp = 0, message = '' } = event ?? {};
  const shown = { group, logStream, at: new Date(timestamp).toISOString(), message: message.trimEnd() };
  if (event !== undefined) tell({ ...record, event: shown });
  const where =
    'ShardId' in taken ? `sequence number ${taken.SequenceNumber} in ${taken.ShardId}` : 'AWS gave no answer, and the log shows it';
  const expected = `an event with ${short(text)}, in ${withinMs / 1_000} seconds`;
  return [
    looked(fact, true, 'taken', where, ''),
    event === undefined
      ? unseen(`log ${group}`, expected, watched, withinMs)
      : looked(`log ${group}`, true, expected, `${shown.message} (at ${shown.at}, log stream ${logStream})`, ''),
  ];
}

type Taken = { readonly ShardId: string; readonly SequenceNumber: string } | { readonly lost: AnswerLost };

/** Puts the record. What the instructor may not do says nothing about the student. */
async function published(put: Probe['put'], publish: ProbeTools['publish']): Promise<Taken> {
  try {
    const { ShardId = '', SequenceNumber = '' } = await publish(put);
    return { ShardId, SequenceNumber };
  } catch (error) {
    if (error instanceof AnswerLost) return { lost: error };
    // Also of the key that a stream is encrypted with: KMSAccessDeniedException.
    if (!(error instanceof ApiError) || !error.code.includes('AccessDenied')) throw error;
    throw new UserError(`The probe could not put its record. AWS answered ${error.code} to kinesis:PutRecord: ${error.message}`, {
      exitCode: ExitCode.couldNotRun,
      hint: 'A probe takes the permission kinesis:PutRecord on the stream, which checks do not. kinesis-labs policy verifier --probe and classroom template --probe give it; without --probe, all else is checked.',
      cause: error,
    });
  }
}

function unseen(fact: string, expected: string, { events, failure }: Watched, withinMs: number): Finding {
  if (failure !== undefined) return looked(fact, false, expected, `the function fails: ${bothEnds(failure)}`, failureHint(failure));
  const observed = events === undefined ? 'there is no such log group' : `nothing of it in ${withinMs / 1_000} seconds`;
  const hint =
    'The record is in the stream, and the mapping is Enabled. A batch that fails keeps those behind it waiting until its records expire; the execution role may have lost the right to read the stream, or to write logs; the code of the function may log something else than that of the lab.';
  return looked(fact, false, expected, observed, hint);
}
