import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { type AwsSession, openSession } from '../../src/aws/session.ts';
import { createWait } from '../../src/aws/wait.ts';
import { resourceKinds } from '../../src/runner/clean.ts';
import { verifyAccount } from '../../src/runner/verify/account.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import { wallClock } from '../../src/util/clock.ts';
import { cli, temporaryFolder } from '../support/cli.ts';
import { inventory } from '../support/inventory.ts';
import { labPlan } from '../support/lab-plan.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';

const lasting = lastingSandbox({ virtualTime: true });
const home = temporaryFolder();
const run = (...args: readonly string[]) =>
  cli(args, { home, cwd: home, env: { ...lasting.env, KINESIS_LABS_VIRTUAL_TIME: lasting.endpoint } });
const probe = (...more: readonly string[]) => run('verify', '01', '--probe', ...more);
let aws: AwsSession;

beforeAll(async () => {
  aws = openSession({ target: lasting.target, clock: wallClock, wait: createWait({ clock: wallClock }) });
  expect(await run('start', '01', '--yes', '--keep')).toMatchObject({ code: 0 });
});
afterAll(() => aws.destroy());

describe('a probe', () => {
  it('says what it is going to write, and has the record and the line of the log in all reports', async () => {
    const formats = { json: 'm.json', csv: 'm.csv', html: 'm.html', markdown: 'm.md', junit: 'm.xml', gradescope: 'marks' };
    const report = Object.entries(formats).map(([format, file]) => `${format}=${file}`);
    const { code, stdout, stderr } = await probe('--report', report.join(','));
    expect(code).toBe(0);
    expect(stderr.replace(/\s+/g, ' ')).toContain('--probe puts one record into the stream lambda-cli-stream of each account');
    expect(stdout).toContain('✓ Met. 100 of 100 points.');
    const [, sequenceNumber = ''] = /✓ record put into lambda-cli-stream: sequence number (\d+) in shardId-000000000000/.exec(stdout) ?? [];
    const [, nonce = ''] = /✓ log \/aws\/lambda\/kinesisEventLogger: .*\tProbe ([0-9a-f]{8}) \(at 20/.exec(stdout) ?? [];
    expect([sequenceNumber, nonce]).toEqual([expect.stringMatching(/^\d{50,}$/), expect.stringMatching(/^.{8}$/)]);
    const files = [...Object.values(formats).slice(0, -1), join('marks', lasting.sandbox.account, 'results.json')];
    for (const file of files) {
      const text = readFileSync(join(home, file), 'utf8');
      expect([file, text.includes(sequenceNumber), text.includes(nonce), text.includes('shardId-000000000000')]).toEqual([
        file,
        true,
        true,
        true,
      ]);
    }
  });

  it('goes on with a report that was made in the same way, and with no other', async () => {
    writeFileSync(join(home, 'class.csv'), 'student\nada\n');
    const { code, stderr } = await run('verify', '01', '--roster', 'class.csv', '--only', 'unchecked', '--from', 'm.json');
    expect([code, stderr.replace(/\s+/g, ' ')]).toEqual([2, expect.stringContaining('m.json was made with --probe.')]);
  });

  it('puts nothing where the mapping is disabled, and says so', async () => {
    const { EventSourceMappings: [mapping] = [] } = await aws.call(apiCall('lambda', 'ListEventSourceMappings', {}));
    const enable = (Enabled: boolean) => aws.call(apiCall('lambda', 'UpdateEventSourceMapping', { UUID: mapping?.UUID ?? '', Enabled }));
    await enable(false);
    const { code, stdout } = await probe();
    expect(code).toBe(1);
    expect(stdout).toContain('✗ 11. mapping probe not met (Does it work at this moment?)');
    expect(stdout).toContain('observed: Disabled; so no record was put');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'A mapping that is disabled polls nothing. Enable it: aws lambda update-event-source-mapping',
    );
    expect(stdout).not.toContain('record put into');
    await enable(true);
  });

  it('tells of a function that throws what it has thrown', async () => {
    const code = strToU8("exports.handler = async () => { throw new TypeError('no such record'); };");
    const ZipFile = zipSync({ 'kinesisEventLogger.js': code });
    await aws.call(apiCall('lambda', 'UpdateFunctionCode', { FunctionName: 'kinesisEventLogger', ZipFile }));
    // After a failure it looks for ten seconds more, which take none on this clock.
    const { steps, state } = await verifyAccount({
      planWith: async () => labPlan('01'),
      expect: 'built',
      probe: true,
      openTarget: async () => lasting.target,
      resources: await resourceKinds(stepKinds),
      clock: lasting.sandbox.clock,
      signal: new AbortController().signal,
    });
    expect([state, steps.at(-1)]).toMatchObject([
      'not-met',
      {
        id: 'mapping probe',
        state: 'not-met',
        findings: [
          { ok: true, observed: expect.stringMatching(/^sequence number \d+ in shardId-000000000000$/) },
          {
            fact: 'log /aws/lambda/kinesisEventLogger',
            observed: expect.stringMatching(/^the function fails: TypeError: no such record/),
            hint: expect.stringContaining('Put the handler right'),
          },
        ],
        evidence: { probe: { stream: 'lambda-cli-stream', shard: 'shardId-000000000000' } },
      },
    ]);
  });

  it('puts nothing where there is nothing', async () => {
    const { code, stdout } = await probe('--prefix', 'nobody');
    expect(code).toBe(1);
    expect(stdout).toContain('✗ 11. mapping probe absent');
    expect(stdout).toContain('observed: there is none; so no record was put');
  });
});

describe('a probe that cannot be meant', () => {
  it.each([
    [['verify', '02', '--probe'], 'There is nothing to probe in lab 02'],
    [['verify', '01', '--probe', '--expect', 'finished'], '--probe is about what stands'],
    [['policy', 'student', '--probe'], '--probe is about the policy of whoever verifies.'],
    [['policy', 'verifier', '--lab', '02', '--probe'], 'There is nothing to probe in lab 02.'],
  ])('%j is refused before anything is asked', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr.replace(/\s+/g, ' ')]).toEqual([2, expect.stringContaining(message)]);
  });

  it('takes a permission that only the flag gives', async () => {
    const actions = async (...args: readonly string[]) => new Set((await run(...args)).stdout.match(/"[a-z]+:[A-Z]\w+"/g));
    const [without, with_] = [
      await actions('policy', 'verifier', '--lab', '01'),
      await actions('policy', 'verifier', '--lab', '01', '--probe'),
    ];
    expect([...with_].filter((action) => !without.has(action))).toEqual(['"kinesis:PutRecord"']);
    const template = async (folder: string, ...args: readonly string[]) => {
      await run('classroom', 'template', '--lab', '01', '--trust', '123456789012', '--output', folder, ...args);
      return readFileSync(join(home, folder, 'verifier.yaml'), 'utf8');
    };
    expect(await template('plain')).toMatch(/It can change nothing\.\n(?!(?:.|\n)*kinesis:Put)/);
    expect(await template('probing', '--probe')).toMatch(
      /put records into their streams, and change nothing else\.\n(?:.|\n)*- kinesis:PutRecord\n/,
    );
  });
});

// Last, as it takes down what the others look at.
describe('a student who keeps the logs', () => {
  const log = 'log group /aws/lambda/kinesisEventLogger';

  it('has finished the lab for whoever looks, and has them removed by the next clean', async () => {
    expect(await inventory(aws)).toHaveLength(5);
    const cleaned = await run('clean', '--keep-logs');
    expect(cleaned).toMatchObject({ code: 0, stdout: expect.stringContaining(`– ${log} stays: kept, as you asked`) });
    expect(cleaned.stdout.replace(/\s+/g, ' ')).toContain('It shows that the lab was done. To store logs costs about $0.03 a month');
    expect(await inventory(aws)).toEqual([log]);
    expect((await run('status')).stdout).toContain(log);

    const looked = await run('verify', '01', '--expect', 'finished');
    expect(looked).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ Met. 80 of 80 points.') });

    const kept = await run('clean', '--keep-logs');
    expect(kept).toMatchObject({ code: 0, stdout: expect.stringContaining('kinesis-labs clean removes it') });
    expect(kept.stdout).not.toContain('Removing');
    expect(await inventory(aws)).toEqual([log]);

    expect(await run('clean')).toMatchObject({ code: 0, stdout: expect.stringContaining(`✓ ${log}`) });
    expect(await inventory(aws)).toEqual([]);
    expect((await run('status')).stdout).toBe('Nothing is alive.\n');
  });
});
