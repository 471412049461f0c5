import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { type AwsSession, openSession } from '../../src/aws/session.ts';
import { tagsFor } from '../../src/aws/tags.ts';
import type { Target } from '../../src/aws/target.ts';
import { createWait } from '../../src/aws/wait.ts';
import { resourceKinds } from '../../src/runner/clean.ts';
import { findLeftovers, type Leftovers } from '../../src/runner/leftovers.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import type { ResourceContext, ResourceKind } from '../../src/steps/resource.ts';
import { roleSession } from '../support/role-session.ts';
import { type Bench, openBench, stepOf } from '../support/step-bench.ts';

/** The one that roles of tests trust. */
const account = '000000000000';
const run = { lab: '04', run: '20261121T090000Z-04-abcdef12', created: '2026-11-21T09:00:00.000Z' };

let bench: Bench;
let kinds: ReadonlyMap<string, ResourceKind>;
const sessions: AwsSession[] = [];

/** A context whose session puts tags on what is created. */
function tagging(tags: Readonly<Record<string, string>>, target: Target = bench.target): ResourceContext {
  const { clock } = bench.sandbox;
  const wait = createWait({ clock });
  const aws = openSession({ target, clock, wait, tags });
  sessions.push(aws);
  return { aws, wait };
}

/** Does a step with some tags. */
async function does(uses: string, input: unknown, { aws, wait }: ResourceContext): Promise<void> {
  await (await stepOf(uses, input)).apply({ aws, wait, nonce: 'n', found: () => undefined, answered: () => undefined });
}

async function look(): Promise<Leftovers> {
  return findLeftovers(kinds, tagging({}));
}

const names = ({ found }: Leftovers) => found.map(({ ref }) => `${ref.type} ${ref.id}`);

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`;
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;

/** A stream, a function, a mapping and a rule, with the roles that they need, all of whose names begin alike. */
async function pipeline(name: string, context: ResourceContext): Promise<void> {
  const role = {
    name: `${name}-role`,
    'managed-policies': ['arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole'],
  };
  await does('iam/role', role, context);
  await does('kinesis/stream', { name: `${name}-stream`, shards: 1 }, context);
  const logger = { name: `${name}-logger`, role: roleArn(role.name), handler: 'kinesisEventLogger.handler', code: 'kinesis-event-logger' };
  await does('lambda/function', logger, context);
  await context.aws.call(apiCall('lambda', 'Invoke', { FunctionName: logger.name, Payload: Buffer.from('{"Records":[]}') }));
  await does(
    'events/schedule',
    { name: `${name}.rule`, schedule: 'rate(1 day)', function: arn('lambda', `function:${logger.name}`) },
    context,
  );
}

const mapping = (name: string) => ({
  function: `${name}-logger`,
  stream: arn('kinesis', `stream/${name}-stream`),
  'starting-position': 'LATEST',
});

beforeAll(async () => {
  bench = await openBench({ account });
  kinds = await resourceKinds(stepKinds);
});
afterAll(async () => {
  for (const session of sessions) session.destroy();
  await bench.close();
});

describe('what is found by tags', () => {
  it('is nothing where nothing is', async () => {
    expect(await look()).toEqual({ found: [], unseen: [] });
  });

  it('is every type that labs create, in an order in which it can be removed backwards; what is not tagged, or otherwise, is left alone', async () => {
    const ours = tagging(tagsFor(run));
    await pipeline('ours', ours);
    await does('lambda/event-source-mapping', mapping('ours'), ours);
    await does('sqs/queue', { name: 'ours-queue' }, ours);
    await does('s3/bucket', { name: 'ours-bucket' }, ours);
    await does(
      'iam/role',
      {
        name: 'ours-delivery',
        service: 'firehose.amazonaws.com',
        policy: { name: 'p', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
      },
      ours,
    );
    const delivery = {
      name: 'ours-delivery',
      stream: mapping('ours').stream,
      role: roleArn('ours-delivery'),
      bucket: 'arn:aws:s3:::ours-bucket',
    };
    await does('firehose/delivery-stream', delivery, ours);
    await pipeline('theirs', tagging({}));
    await does('lambda/event-source-mapping', mapping('theirs'), tagging({}));
    await does('kinesis/stream', { name: 'tagged-otherwise', shards: 1 }, tagging({ 'kinesis-labs:lab': '04', team: 'data' }));
    await does('kinesis/stream', { name: 'climbing', shards: 1 }, tagging(tagsFor({ ...run, run: '../../escape' })));

    const leftovers = await look();
    expect(names(leftovers)).toEqual([
      'iam:role ours-delivery',
      'iam:role ours-role',
      'kinesis:stream ours-stream',
      's3:bucket ours-bucket',
      'sqs:queue ours-queue',
      'logs:group /aws/lambda/ours-logger',
      'lambda:function ours-logger',
      'firehose:delivery-stream ours-delivery',
      'events:rule ours.rule',
      `lambda:permission ${arn('lambda', 'function:ours-logger')} events-ours_rule`,
      `lambda:event-source-mapping ours-logger ${arn('kinesis', 'stream/ours-stream')}`,
    ]);
    expect(leftovers.found.map(({ tags }) => tags)).toEqual(leftovers.found.map(() => run));
    expect(leftovers.unseen).toEqual([]);

    const context = tagging({});
    for (const { ref } of [...leftovers.found].reverse()) await kinds.get(ref.type)?.remove(ref.id, context);
    expect(names(await look())).toEqual([]);
    for (const [type, id] of [
      ['iam:role', 'theirs-role'],
      ['kinesis:stream', 'theirs-stream'],
      ['kinesis:stream', 'tagged-otherwise'],
      ['logs:group', '/aws/lambda/theirs-logger'],
      ['lambda:function', 'theirs-logger'],
      ['events:rule', 'theirs.rule'],
      ['lambda:event-source-mapping', `theirs-logger ${mapping('theirs').stream}`],
    ] as const) {
      expect([id, await kinds.get(type)?.exists(id, context)]).toEqual([id, true]);
    }
  });

  it('is the mapping that a learner has made by hand between two things of a run, and not one that carries tags of its own', async () => {
    const ours = tagging(tagsFor(run));
    await pipeline('half', ours);
    await does('lambda/event-source-mapping', mapping('half'), tagging({}));
    const byHand = `lambda:event-source-mapping half-logger ${mapping('half').stream}`;
    expect(names(await look())).toContain(byHand);
    await kinds.get('lambda:event-source-mapping')?.remove(`half-logger ${mapping('half').stream}`, ours);
    await does('lambda/event-source-mapping', mapping('half'), tagging({ team: 'data' }));
    expect(names(await look())).not.toContain(byHand);
  });

  it('says what may not be looked at, and finds the rest', async () => {
    const statements = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: ['kinesis:ListStreams', 'iam:ListRoleTags'], Resource: '*' },
    ];
    const { credentials } = await roleSession(bench.sandbox, 'auditor', statements);
    const { unseen, found } = await findLeftovers(kinds, tagging({}, { ...bench.target, credentials, propagationMs: 0 }));
    expect([...unseen].sort((one, other) => one.count - other.count)).toEqual([
      { noun: 'stream', count: 1, why: expect.stringMatching(/AccessDenied.*kinesis:ListStreams/) },
      { noun: 'role', count: 3, why: expect.stringMatching(/AccessDenied.*iam:ListRoleTags/) },
    ]);
    expect(new Set(found.map(({ ref }) => ref.type))).not.toContain('kinesis:stream');
    expect(found.map(({ ref }) => ref.type)).toContain('lambda:function');
  });
});
