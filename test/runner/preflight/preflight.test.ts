import { Kinesis } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identify } from '../../../src/aws/identity.ts';
import { openSession } from '../../../src/aws/session.ts';
import type { Target } from '../../../src/aws/target.ts';
import { createWait } from '../../../src/aws/wait.ts';
import type { Plan } from '../../../src/runner/plan.ts';
import type { PreflightFinding } from '../../../src/runner/preflight/finding.ts';
import { preflight } from '../../../src/runner/preflight/preflight.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { wallClock } from '../../../src/util/clock.ts';
import { labPlan } from '../../support/lab-plan.ts';
import { roleSession } from '../../support/role-session.ts';

const account = '111122223333';
// A region in which an account has room for a thousand shards.
const region = 'eu-north-1';
const now = Date.parse('2026-11-21T12:00:00Z');
const stream = `arn:aws:kinesis:${region}:${account}:stream/lambda-cli-stream`;

let sandbox: Sandbox;
let lab01: Plan;
let lab02: Plan;
beforeAll(async () => {
  sandbox = await startSandbox({ account, region });
  [lab01, lab02] = [await labPlan('01'), await labPlan('02')];
});
afterAll(() => sandbox.stop());

interface Look {
  readonly plan?: Plan;
  readonly credentials?: Target['credentials'];
  readonly expires?: Date;
  readonly ours?: readonly string[];
}

async function look({
  plan = lab01,
  credentials = sandbox.credentials,
  expires,
  ours = [],
}: Look = {}): Promise<readonly PreflightFinding[]> {
  const target: Target = { label: 'test', endpoint: sandbox.endpoint, region, credentials, propagationMs: 0, billed: true };
  const { principal } = await identify(target);
  const wait = createWait({ clock: wallClock });
  const aws = openSession({ target, readOnly: true, clock: wallClock, wait });
  try {
    const place = { partition: 'aws', region, account };
    return await preflight({ plan, principal, place, context: { aws, wait }, expires, now, ours: new Set(ours) });
  } finally {
    aws.destroy();
  }
}

/** Credentials of a role. */
async function role(name: string, ...statements: readonly object[]): Promise<Target['credentials']> {
  return (await roleSession(sandbox, name, statements)).credentials;
}

const allow = (Action: string | readonly string[], Resource = '*', more = {}) => ({ Effect: 'Allow', Action, Resource, ...more });
const about = (findings: readonly PreflightFinding[], what: string) => findings.filter((finding) => finding.about === what);

describe('where nothing stands in the way', () => {
  it('there is a good word about everything that was looked at', async () => {
    const findings = await look({ credentials: await role('all', allow('*')) });
    expect(findings.map(({ about: what, weight }) => `${what}: ${weight}`)).toEqual([
      'credentials: good',
      'permissions: good',
      'quotas: good',
      'quotas: good',
      'names: good',
    ]);
    expect(about(findings, 'permissions')[0]?.message).toMatch(/^all \d\d that the lab needs are given$/);
  });

  it('nothing is asked about root, whose permissions nobody can take away', async () => {
    expect(about(await look(), 'permissions')).toEqual([
      { about: 'permissions', weight: 'good', message: 'the root user of an account may do everything there' },
    ]);
  });
});

describe('permissions', () => {
  it('that are missing are all named, by resource', async () => {
    const credentials = await role(
      'reader',
      allow(['iam:*', 'logs:*', 'lambda:*', 'kinesis:Describe*', 'kinesis:List*', 'kinesis:PutRecord*', 'kinesis:Get*']),
    );
    const [missing, ...more] = about(await look({ credentials }), 'permissions');
    expect(missing).toMatchObject({
      weight: 'fatal',
      message: `arn:aws:sts::${account}:assumed-role/reader/tester may not do kinesis:CreateStream, kinesis:AddTagsToStream, kinesis:DeleteStream on ${stream}.`,
      hint: 'Have it allowed by whoever manages the account, or use other credentials with --profile.',
    });
    expect(more).toEqual([]);
  });

  it('count for the resources of the lab: what is allowed for another stream does not do', async () => {
    const others = stream.replace('lambda-cli-stream', 'somebody-elses');
    const credentials = await role('other', allow(['iam:*', 'logs:*', 'lambda:*', 'kinesis:List*']), allow('kinesis:*', others));
    expect(about(await look({ credentials }), 'permissions')).toMatchObject([
      { weight: 'fatal', message: expect.stringContaining(`on ${stream}.`) },
    ]);
    const credentialsHere = await role('here', allow(['iam:*', 'logs:*', 'lambda:*', 'kinesis:List*']), allow('kinesis:*', stream));
    expect(about(await look({ credentials: credentialsHere }), 'permissions')).toMatchObject([{ weight: 'good' }]);
  });

  it('include to pass the role, to the service that is to have it', async () => {
    const passed = (service: string) => ({ Condition: { StringEquals: { 'iam:PassedToService': service } } });
    const rest = allow([
      'kinesis:*',
      'logs:*',
      'lambda:*',
      'iam:*Role',
      'iam:*RolePolicy',
      'iam:*RolePolicies',
      'iam:List*',
      'iam:Simulate*',
    ]);
    const deny = { Effect: 'Deny', Action: 'iam:PassRole', Resource: '*', ...passed('lambda.amazonaws.com') };
    const credentials = await role('no-pass', rest, deny);
    expect(about(await look({ credentials }), 'permissions')).toMatchObject([
      { weight: 'fatal', message: expect.stringContaining('iam:PassRole on') },
    ]);
  });

  it('that depend on what only the request tells are a warning', async () => {
    const tagged = { Condition: { StringEquals: { 'aws:RequestTag/team': 'a' } } };
    const credentials = await role(
      'tagger',
      allow(['iam:*', 'logs:*', 'lambda:*', 'kinesis:D*', 'kinesis:A*', 'kinesis:L*', 'kinesis:P*', 'kinesis:G*']),
      allow('kinesis:CreateStream', '*', tagged),
    );
    expect(about(await look({ credentials }), 'permissions')).toMatchObject([
      { weight: 'warning', message: expect.stringMatching(/kinesis:CreateStream on .* depends on aws:RequestTag\/team/i) },
    ]);
  });

  it('in one region only are seen by the region', async () => {
    const only = (at: string) => allow('*', '*', { Condition: { StringEquals: { 'aws:RequestedRegion': at } } });
    expect(about(await look({ credentials: await role('north', only(region), allow('iam:*')) }), 'permissions')).toMatchObject([
      { weight: 'good' },
    ]);
    const south = about(
      await look({ credentials: await role('south', only('eu-south-1'), allow(['iam:*', 'lambda:*', 'logs:*'])) }),
      'permissions',
    );
    expect(south.map(({ weight }) => weight)).toContain('fatal');
  });

  it('cannot be looked at by everybody, which is no fault', async () => {
    const credentials = await role('silent', allow(['kinesis:*', 'lambda:*', 'logs:*', 'iam:CreateRole', 'iam:GetRole']));
    expect(about(await look({ credentials }), 'permissions')).toMatchObject([
      { weight: 'unknown', message: expect.stringContaining('could not be checked: iam:SimulatePrincipalPolicy answered AccessDenied') },
    ]);
  });
});

describe('quotas', () => {
  it('are looked at without what is there already', async () => {
    const kinesis = new Kinesis({ endpoint: sandbox.endpoint, region, credentials: sandbox.credentials });
    await kinesis.createStream({ StreamName: 'large', ShardCount: 999 });
    expect(about(await look(), 'quotas')[0]).toMatchObject({
      weight: 'good',
      message: 'the lab creates 1 shard, and the account has 999 of 1000 in this region',
    });
    await kinesis.createStream({ StreamName: 'last', ShardCount: 1 });
    expect(about(await look(), 'quotas')[0]).toMatchObject({
      weight: 'fatal',
      message: 'There is no room: the lab creates 1 shard, and the account has 1000 of 1000 in this region.',
    });
    expect(about(await look({ plan: lab02 }), 'quotas').map(({ weight, message }) => `${weight} ${message}`)).toEqual([
      'fatal There is no room: the lab creates 2 shards, and the account has 1000 of 1000 in this region.',
      'good the lab creates 1 on-demand stream, and the account has 0 of 50 in this region',
    ]);
    await kinesis.deleteStream({ StreamName: 'large' });
    kinesis.destroy();
  });

  it('cannot be looked at by everybody, which is no fault', async () => {
    const credentials = await role('narrow', allow(['kinesis:CreateStream', 'iam:*']));
    expect(about(await look({ credentials }), 'quotas')).toEqual([
      { about: 'quotas', weight: 'unknown', message: 'shards could not be checked: kinesis:DescribeLimits answered AccessDeniedException' },
      { about: 'quotas', weight: 'unknown', message: expect.stringContaining('lambda:GetAccountSettings answered AccessDeniedException') },
    ]);
  });
});

describe('names', () => {
  it('that are taken are all told, unless this run has taken them', async () => {
    const kinesis = new Kinesis({ endpoint: sandbox.endpoint, region, credentials: sandbox.credentials });
    await kinesis.createStream({ StreamName: 'lambda-cli-stream', ShardCount: 1 });
    const taken = about(await look(), 'names');
    expect(taken).toMatchObject([
      { weight: 'fatal', message: 'The stream lambda-cli-stream exists already, and this run did not create it.' },
    ]);
    const ours = about(await look({ ours: ['kinesis:stream lambda-cli-stream'] }), 'names');
    expect(ours).toMatchObject([{ weight: 'good', message: expect.stringContaining('taken by anybody else') }]);
    await kinesis.deleteStream({ StreamName: 'lambda-cli-stream' });
    kinesis.destroy();
  });

  it('cannot be looked at by everybody, which is no fault', async () => {
    const credentials = await role('blind', allow('iam:*'));
    expect(about(await look({ credentials }), 'names').map(({ weight }) => weight)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });
});

describe('credentials', () => {
  it('that expire before the lab can be done are a warning, with the time', async () => {
    const expires = new Date(now + 12.5 * 60_000);
    expect(about(await look({ expires }), 'credentials')).toEqual([
      {
        about: 'credentials',
        weight: 'warning',
        message:
          'The credentials expire at 2026-11-21T12:12Z, in 12 min. The lab takes about 20 min, and removing what it has created needs them as well.',
        hint: 'Where they are not renewed by themselves, sign in again before you begin.',
      },
    ]);
  });

  it('that last for longer are good until then', async () => {
    const expires = new Date(now + 3_600_000);
    expect(about(await look({ expires }), 'credentials')).toMatchObject([{ weight: 'good', message: 'valid until 2026-11-21T13:00Z' }]);
  });
});
