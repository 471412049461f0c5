import { apiCall } from '../../src/aws/api-call.ts';
import { openSession } from '../../src/aws/session.ts';
import { tagsFor } from '../../src/aws/tags.ts';
import { createWait } from '../../src/aws/wait.ts';
import type { Known, Plan } from '../../src/runner/plan.ts';
import { foresee } from '../../src/runner/preflight/planned-calls.ts';
import { parseFault } from '../../src/sandbox/fault.ts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import type { Step, StepContext } from '../../src/steps/step.ts';
import { wallClock } from '../../src/util/clock.ts';
import { writeLog } from './write-log.ts';

/** Every way in which lab 01 can stand in an account. */
export const situations = [
  'perfect',
  'half done',
  'wrong batch size',
  'handler that throws',
  'wrong role',
  'no role to assume',
  "somebody else's account",
  'torn down',
  'torn down, log group kept',
  'throttled',
  'dead region',
] as const;
export type Situation = (typeof situations)[number];

export interface Pupil {
  readonly student: string;
  readonly situation: Situation;
  readonly account: string;
}

/** The account that looks at all others. */
export const instructor = '000000000000';
const externalId = 'class-of-2026';
const graderRole = 'kinesis-labs-grader';
export const foreignProfile = 'foreign';

/** So many students, in each situation in turn. */
export function pupils(count: number): readonly Pupil[] {
  return Array.from({ length: count }, (_, index) => ({
    student: `student ${String(index + 1).padStart(3, '0')}`,
    situation: situations[index % situations.length] ?? 'perfect',
    account: String(200_000_000_000 + index),
  }));
}

/** The roster of a class, with a column that nobody knows. */
export function rosterOf(class_: readonly Pupil[]): string {
  const lines = class_.map(({ student, situation, account }) => {
    if (situation === "somebody else's account") return `${student},${account},,,${foreignProfile},${situation}`;
    return `${student},${account},arn:aws:iam::${account}:role/${graderRole},${externalId},,"${situation}"`;
  });
  return ['student,account,role_arn,external_id,profile,situation', ...lines, ''].join('\n');
}

/** Brings the account of a student into its situation. What a function would have logged is written without running it. */
export async function seat({ account, situation, student }: Pupil, sandbox: Sandbox, plan: Plan): Promise<void> {
  const { endpoint, region } = sandbox;
  const target = { label: endpoint, endpoint, region, credentials: sandbox.credentialsOf(account), propagationMs: 0, billed: false };
  const wait = createWait({ clock: wallClock });
  const nonce = (0x10000000 + Number(student.replace(/\D/g, ''))).toString(16);
  const known: Known = { outputs: {}, nonce, started: '2026-11-21T09:00:00.000Z' };
  const tags = tagsFor({ lab: '01', run: `20261121T090000Z-01-${nonce}`, created: known.started });
  const aws = openSession({ target, clock: wallClock, wait, tags });
  const context: StepContext = { aws, wait, nonce, found: () => undefined, answered: () => undefined };
  const steps = new Map(foresee(plan, { partition: 'aws', region, account }, known).map(({ planned, step }) => [planned.block.id, step]));
  const step = (id: string): Step => steps.get(id) ?? (Promise.reject(new Error(`Lab 01 has no step ${id}.`)) as never);
  try {
    if (situation !== 'no role to assume') await trustInstructor(context);
    if (situation === 'throttled') sandbox.faults.add(parseFault(`*=throttle,times=100000,account=${account}`));
    if (situation === 'dead region') sandbox.faults.add(parseFault(`*=cut-before,times=100000,account=${account}`));
    if (isOut(situation)) return;
    if (situation === 'torn down, log group kept') return await writeLog(aws, '/aws/lambda/kinesisEventLogger', logLines(known));
    await step('role').apply(context);
    await step('stream').apply(context);
    await step('logger').apply(context);
    if (situation === 'half done') return;
    for (const id of ['hello', 'telemetry']) for (const call of step(id).explain()) await aws.call(call);
    const lines = situation === 'handler that throws' ? failureLines : logLines(known);
    await writeLog(aws, '/aws/lambda/kinesisEventLogger', lines);
    await step('mapping').apply(context);
    if (situation === 'wrong batch size') {
      const { EventSourceMappings: [mapping] = [] } = await aws.call(
        apiCall('lambda', 'ListEventSourceMappings', { FunctionName: 'kinesisEventLogger' }),
      );
      await aws.call(apiCall('lambda', 'UpdateEventSourceMapping', { UUID: mapping?.UUID ?? '', BatchSize: 100 }));
    }
    if (situation === 'wrong role') await actAsAnother(context, account);
  } finally {
    aws.destroy();
  }
}

/** Whether nothing of the lab is made for it. */
function isOut(situation: Situation): boolean {
  return ['no role to assume', "somebody else's account", 'torn down', 'throttled', 'dead region'].includes(situation);
}

async function trustInstructor({ aws }: StepContext): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${instructor}:root` },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    ],
  };
  const reads = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'iam:Get*',
          'iam:List*',
          'kinesis:Get*',
          'kinesis:List*',
          'kinesis:Describe*',
          'lambda:Get*',
          'lambda:List*',
          'logs:Filter*',
          'logs:Describe*',
          'logs:List*',
          'sqs:Get*',
          'sqs:List*',
          's3:List*',
          's3:Get*',
          'events:List*',
          'events:Describe*',
          'firehose:List*',
          'firehose:Describe*',
        ],
        Resource: '*',
      },
    ],
  };
  await aws.call(apiCall('iam', 'CreateRole', { RoleName: graderRole, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  await aws.call(apiCall('iam', 'PutRolePolicy', { RoleName: graderRole, PolicyName: 'look', PolicyDocument: JSON.stringify(reads) }));
}

async function actAsAnother({ aws }: StepContext, account: string): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  await aws.call(apiCall('iam', 'CreateRole', { RoleName: 'my-role', AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const change = { FunctionName: 'kinesisEventLogger', Role: `arn:aws:iam::${account}:role/my-role` };
  await aws.call(apiCall('lambda', 'UpdateFunctionConfiguration', change));
}

/** What the function of the lab logs. */
function logLines({ nonce, started }: Known): readonly string[] {
  const telemetry = [1, 2, 3, 4, 5].map((number) => `{"device":"device-${number}","time":"${started}","run":"${nonce}"}`);
  return [`Hello, Lambda CLI World (run ${nonce})`, ...telemetry].map((line) => `2026-11-21T09:00:01.000Z\tid-1\tINFO\t${line}`);
}

const failureLines = [
  'START RequestId: id-1 Version: $LATEST',
  '2026-11-21T09:00:01.000Z\tid-1\tERROR\tInvoke Error \t{"errorType":"TypeError","errorMessage":"event.records is not iterable"}',
  'END RequestId: id-1',
  'REPORT RequestId: id-1 Duration: 1.00 ms',
];

/** What a situation has to come to: the state, the points that are earned and those that are open, and words that stand in the report. */
export interface Judgement {
  readonly state: 'met' | 'not-met' | 'absent' | 'unchecked';
  readonly earned: number;
  readonly unchecked?: number;
  readonly says: readonly string[];
}

const batchSize = 'mapping: batch size of the mapping of kinesisEventLogger: expected 1, observed 100';
const notAssumed = 'cannot be assumed: User: arn:aws:iam::000000000000:root is not authorized to perform: sts:AssumeRole';

/** Of 100 points, where what the lab builds has to stand. */
export const built: Readonly<Record<Situation, Judgement>> = {
  perfect: { state: 'met', earned: 100, says: [] },
  'half done': {
    state: 'not-met',
    earned: 45,
    says: [
      'event-source mapping of kinesisEventLogger: expected a mapping to the stream, observed there is none',
      'log: log /aws/lambda/kinesisEventLogger',
      'observed there is no such log group',
    ],
  },
  'wrong batch size': { state: 'not-met', earned: 95, says: [batchSize] },
  'handler that throws': { state: 'not-met', earned: 75, says: ['observed the function fails: TypeError: event.records is not iterable'] },
  'wrong role': {
    state: 'not-met',
    earned: 96.25,
    says: [
      'execution role of kinesisEventLogger: expected arn:aws:iam::',
      ':role/lambda-cli-role, observed arn:aws:iam::',
      ':role/my-role',
    ],
  },
  'no role to assume': { state: 'unchecked', earned: 0, unchecked: 100, says: [notAssumed] },
  "somebody else's account": {
    state: 'unchecked',
    earned: 0,
    unchecked: 100,
    says: ['The credentials lead to account 999999999999, and not to 2'],
  },
  'torn down': { state: 'absent', earned: 0, says: ['role: role lambda-cli-role: expected a role, observed there is none'] },
  'torn down, log group kept': {
    state: 'not-met',
    earned: 20,
    says: ['stream: stream lambda-cli-stream: expected a stream, observed there is none'],
  },
  throttled: {
    state: 'unchecked',
    earned: 0,
    unchecked: 100,
    says: ['and was given up. It was waiting for sts:GetCallerIdentity to be let through'],
  },
  'dead region': {
    state: 'unchecked',
    earned: 0,
    unchecked: 100,
    says: ['It was waiting for sts:GetCallerIdentity to be answered (the connection was closed).'],
  },
};

const alive = 'stream: stream lambda-cli-stream: expected gone, observed still there';

/** Of 80 points, where all has to be gone but the logs. */
export const finished: Readonly<Record<Situation, Judgement>> = {
  ...built,
  perfect: { state: 'not-met', earned: 30, says: [alive] },
  'half done': { state: 'not-met', earned: 0, says: [alive] },
  'wrong batch size': { state: 'not-met', earned: 30, says: [alive] },
  'handler that throws': { state: 'not-met', earned: 0, says: [alive, 'observed the function fails'] },
  'wrong role': { state: 'not-met', earned: 30, says: [alive] },
  'no role to assume': { state: 'unchecked', earned: 0, unchecked: 80, says: [notAssumed] },
  "somebody else's account": { ...built["somebody else's account"], unchecked: 80 },
  'torn down': { state: 'absent', earned: 0, says: ['role: It is not there, and no log says that it ever was.'] },
  'torn down, log group kept': { state: 'met', earned: 80, says: [] },
  throttled: { ...built.throttled, unchecked: 80 },
  'dead region': { ...built['dead region'], unchecked: 80 },
};
