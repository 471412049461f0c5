import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type ApiCall, apiCall, isReadOnly } from '../../src/aws/api-call.ts';
import { ApiError, orAbsent, WriteRefused } from '../../src/aws/aws.ts';
import type { AwsSession, SessionOptions } from '../../src/aws/session.ts';
import type { Target } from '../../src/aws/target.ts';
import type { RunEvent } from '../../src/runner/event.ts';
import type { OutputBlock, PlacedReference, StepBlock } from '../../src/runner/lab.ts';
import type { Ledger } from '../../src/runner/ledger.ts';
import { modes } from '../../src/runner/mode.ts';
import type { Known, Plan, PlannedStep } from '../../src/runner/plan.ts';
import type { RunOptions } from '../../src/runner/run.ts';
import { beginLedger } from '../../src/runner/state-folder.ts';
import { stepContent } from '../../src/runner/step-content.ts';
import { defineResource } from '../../src/steps/resource.ts';
import { defineStep, type StepKind } from '../../src/steps/step.ts';
import { UserError } from '../../src/util/user-error.ts';
import { swiftClock } from './swift-clock.ts';

/** A Kinesis of streams that have a name, and nothing else: as much AWS as the executor can be seen at work with. */
class Streams {
  /** Names of the streams that exist. */
  readonly names = new Set<string>();
  readonly calls: ApiCall[] = [];
  /** Called before each call is answered; may throw what AWS would answer. */
  before: (call: ApiCall) => void | Promise<void> = () => undefined;

  /** Added to the answers of reads. */
  answerWith: Readonly<Record<string, unknown>> = {};

  readonly open = (options: SessionOptions): AwsSession => ({
    target: options.target,
    clockOffsetMs: 0,
    settling: () => undefined,
    call: async <Output>(call: ApiCall<Output>): Promise<Output> => {
      options.signal?.throwIfAborted();
      if (options.readOnly && !isReadOnly(call)) throw new WriteRefused(call);
      this.calls.push(call);
      await this.before(call);
      options.signal?.throwIfAborted();
      const answer = this.#answer(call);
      options.onCall?.({ call, at: options.clock.now(), durationMs: 1, requestId: 'r', answer });
      return answer as Output;
    },
    destroy: () => undefined,
  });

  /** Names of the operations that were called and are not reads. */
  get writes(): readonly string[] {
    return this.calls.filter((call) => !isReadOnly(call)).map((call) => call.operation);
  }

  #answer(call: ApiCall): unknown {
    const name = String(call.input['StreamName']);
    if (call.operation === 'CreateStream') {
      this.names.add(name);
      return {};
    }
    if (!this.names.has(name)) throw notFound(call);
    if (call.operation === 'DeleteStream') {
      this.names.delete(name);
      return {};
    }
    return { StreamDescriptionSummary: { StreamName: name, StreamARN: `arn:stream/${name}` }, ...this.answerWith };
  }
}

function notFound(call: ApiCall): ApiError {
  return new ApiError(call, { code: 'ResourceNotFoundException', message: `Stream ${call.input['StreamName']} not found.`, status: 400 });
}

const describeStream = (name: string) => apiCall('kinesis', 'DescribeStreamSummary', { StreamName: name });

const streamResource = defineResource({
  type: 'kinesis:stream',
  noun: 'stream',
  cost: { perHour: 0.015, note: 'per shard' },
  removal: (name) => ({
    calls: [{ call: () => apiCall('kinesis', 'DeleteStream', { StreamName: name }) }],
    left: { call: describeStream(name), query: 'StreamDescriptionSummary.StreamName' },
    timeoutMs: 1_000,
  }),
});

/** A step that creates a stream. `healthy: false` makes a stream that its check is not content with. */
const streamStep: StepKind = defineStep({
  summary: 'Creates a stream.',
  input: z.object({ name: z.string(), healthy: z.boolean().default(true) }),
  outputs: { arn: { what: 'ARN', example: 'arn', call: ({ name }) => describeStream(name), query: 'StreamDescriptionSummary.StreamARN' } },
  examples: [{ name: 'orders' }],
  resources: [streamResource],
  owns: ({ name }) => [{ type: 'kinesis:stream', id: name }],
  explain: ({ name }) => [apiCall('kinesis', 'CreateStream', { StreamName: name, ShardCount: 1 })],
  shows: ({ name }) => describeStream(name),
  async apply({ name }, { aws }) {
    if (await streamResource.exists(name, { aws, wait: neverWaits })) return;
    await aws.call(apiCall('kinesis', 'CreateStream', { StreamName: name, ShardCount: 1 }));
  },
  async check({ name, healthy }, { aws }) {
    const there = (await orAbsent(aws.call(describeStream(name)))) !== undefined;
    const ok = there && healthy;
    return [
      { fact: `stream ${name}`, expected: 'healthy', observed: there ? (healthy ? 'healthy' : 'ill') : 'absent', ok, hint: 'Look at it.' },
    ];
  },
});

const neverWaits = (): never => {
  throw new Error('Nothing is waited for here.');
};

/** The same for what shows that a lab was done, when all else is gone. */
const logStep: StepKind = {
  ...streamStep,
  resources: [{ ...streamResource, type: 'kinesis:log', noun: 'log', evidence: 'It shows that it was done.' }],
  bind: (input) => ({ ...streamStep.bind(input), owns: () => [{ type: 'kinesis:log', id: 'log' }] }),
};

export interface StepSketch {
  readonly id: string;
  readonly with: Readonly<Record<string, unknown>>;
  readonly kind?: StepKind;
  /** `step.output` of each reference that the step makes. Its value takes the place of the string `@`. */
  readonly needs?: readonly string[];
  readonly hint?: string;
  /** The JSON of the step's output block. */
  readonly output?: unknown;
}

export const orders: StepSketch = { id: 'orders', with: { name: 'orders' } };
export const log: StepSketch = { id: 'log', with: { name: 'log' }, kind: logStep };
/** Needs the stream of `orders`. */
export const copies: StepSketch = { id: 'copies', with: { name: '@' }, needs: ['orders.arn'] };
export const later: StepSketch = { id: 'later', with: { name: 'later' } };
/** Is done, and not met. */
export const ill: StepSketch = { id: 'ill', with: { name: 'ill', healthy: false } };

/** A plan as the parser would make it of a page with these steps, ten points each. */
export function planOf(sketches: readonly StepSketch[]): Plan {
  const steps = sketches.map(plannedStep);
  return {
    lab: {
      id: '07',
      title: 'Streams',
      summary: 'Makes streams.',
      minutes: 1,
      format: 1,
      vars: {},
      names: {},
      file: 'labs/07-streams.md',
      text: '',
      sections: steps.map(({ block }) => block),
    },
    steps,
    values: { vars: {}, names: {} },
    closing: '',
  };
}

function plannedStep({ id, with: input, kind = streamStep, needs = [], hint, output: expected }: StepSketch): PlannedStep {
  const place = { line: 1, column: 1, length: 1 };
  const references = needs.map((need): PlacedReference => {
    const [step = '', output = ''] = need.split('.');
    return { reference: { kind: 'output', step, output }, place, path: ['with'] };
  });
  const block: StepBlock = {
    kind: 'step',
    source: '',
    place,
    id,
    heading: `Make ${id}`,
    uses: 'kinesis/stream',
    with: input,
    points: 10,
    hint,
    references,
    at: () => place,
    keyAt: () => place,
  };
  const fill = (known: Known) => {
    const { reference } = references[0] ?? {};
    const value = reference?.kind === 'output' ? known.outputs[reference.step]?.[reference.output] : undefined;
    if (reference && value === undefined) throw new UserError(`The step "${id}" needs ${needs[0]}.`);
    return Object.fromEntries(Object.entries(input).map(([key, each]) => [key, each === '@' ? value : each]));
  };
  const output: OutputBlock | undefined =
    expected === undefined ? undefined : { kind: 'output', source: '', place, step: id, expected, references: [] };
  return {
    block,
    kind,
    output,
    prose: '',
    answerProse: '',
    script: undefined,
    bind: (known) => kind.bind(fill(known)),
    expected: () => expected,
    content: () => stepContent(block, { vars: {}, names: {} }, []),
  };
}

export const testTarget: Target = {
  label: 'test',
  endpoint: 'http://127.0.0.1:1',
  region: 'us-east-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  propagationMs: 0,
  billed: false,
};

/** A run whose ledger is on the disk. */
type RiggedOptions = RunOptions & { readonly ledger: Ledger };

export interface Rig {
  readonly streams: Streams;
  readonly events: RunEvent[];
  readonly options: RiggedOptions;
  /** Names of the events so far. */
  types(): readonly string[];
  /** Each step that has ended so far: how, and how it was taken up where it had been done before. */
  ended(): readonly string[];
  interrupt(): void;
  abandon(): void;
}

/** Everything that a run needs, with a state folder of its own; `over` replaces parts of it. */
export function rig(plan: Plan, over: Partial<RiggedOptions> = {}): Rig {
  const streams = new Streams();
  const events: RunEvent[] = [];
  const interrupt = new AbortController();
  const abandon = new AbortController();
  const clock = swiftClock();
  const { label, endpoint, region } = testTarget;
  const folder = { path: mkdtempSync(join(tmpdir(), 'kinesis-labs-test-')) };
  const target = { label, region, account: '000000000000', ...(endpoint === undefined ? {} : { endpoint }) };
  const ledger = beginLedger(folder, { lab: { id: '07', file: plan.lab.file }, target, prefix: '', values: plan.values }, clock.now);
  return {
    streams,
    events,
    types: () => events.map((event) => event.type),
    ended: () =>
      events.flatMap((event) =>
        event.type === 'step-ended' ? [[event.step.block.id, event.outcome, event.taken].filter(Boolean).join(' ')] : [],
      ),
    interrupt: () => interrupt.abort(new Error('Interrupted.')),
    abandon: () => abandon.abort(new Error('Abandoned.')),
    options: {
      plan,
      mode: modes.test,
      target: testTarget,
      account: '000000000000',
      openSession: streams.open,
      clock,
      ledger,
      report: (event) => void events.push(event),
      signal: interrupt.signal,
      abandon: abandon.signal,
      ...over,
    },
  };
}
