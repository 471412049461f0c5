import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../src/runner/policy/document.ts';
import { cli, type Ended, temporaryFolder } from '../support/cli.ts';
import { environmentFor } from '../support/environment.ts';
import { failureOf } from '../support/failure.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { roleSession } from '../support/role-session.ts';

const lasting = lastingSandbox({ virtualTime: true });

async function policyOf(who: string, ...args: readonly string[]): Promise<PolicyDocument> {
  const { code, stdout, stderr } = await cli(['policy', who, ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** Somebody who may do what a policy says, and nothing else. */
async function somebody(role: string, { Statement }: PolicyDocument) {
  const config = await roleSession(lasting.sandbox, role, Statement);
  return { config, env: { ...environmentFor(lasting.sandbox, config.credentials), KINESIS_LABS_VIRTUAL_TIME: lasting.endpoint } };
}

type Look = (expected: string, more?: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ended>;

async function refusedToProbe(look: Look): Promise<void> {
  const refused = await look('built', ['--probe']);
  expect(refused).toMatchObject({ code: 3, stdout: expect.stringContaining('mapping probe could not check') });
  expect(refused.stdout.replace(/\s+/g, ' ')).toContain('is not authorized to perform: kinesis:PutRecord on resource');
  expect(refused.stdout).not.toContain('not met');
}

/** A probe takes a permission more than looking does, and leaves what is looked at as it was. */
async function probeOnly(lab: string, look: Look): Promise<void> {
  if (lab === '01') await refusedToProbe(look);

  const prober = await somebody(`prober-${lab}`, await policyOf('verifier', '--lab', lab, '--probe'));
  const probed = await look('built', ['--probe'], prober.env);
  expect(probed).toMatchObject({ code: 0, stdout: expect.stringMatching(/mapping probe met .*\n.*: sequence number \d+ in shardId-/) });
  expect(await look('built')).toMatchObject({ code: 0 });

  const kinesis = new KinesisClient(prober.config);
  expect(await failureOf(kinesis.send(new CreateStreamCommand({ StreamName: 'lambda-cli-stream', ShardCount: 1 })))).toMatchObject({
    name: 'AccessDeniedException',
  });
  kinesis.destroy();
}

// What Node warns of stands at the terminal of whoever looks.
const warnings: string[] = [];
const hear = ({ message }: Error): void => void warnings.push(message);
beforeAll(() => void process.on('warning', hear));
afterAll(() => {
  process.off('warning', hear);
  expect(warnings).toEqual([]);
});

describe('the policies of a lab', () => {
  it.each(['01', '02', '03', '04', '05'])(
    '%s let a student do it and take it down, and somebody else look at it and no more',
    async (lab) => {
      const home = temporaryFolder();
      const student = await somebody(`student-${lab}`, await policyOf('student', '--lab', lab));
      const verifier = await somebody(`verifier-${lab}`, await policyOf('verifier', '--lab', lab));
      const look = (expected: string, more: readonly string[] = [], env: Readonly<Record<string, string>> = verifier.env) =>
        cli(['verify', lab, '--target', lasting.endpoint, '--expect', expected, ...more], { home: temporaryFolder(), env });

      const built = await cli(['start', lab, '--yes', '--keep', '--no-preflight'], { home, env: student.env });
      expect(built).toMatchObject({ code: 0, stderr: '' });
      expect(await look('built')).toMatchObject({ code: 0, stderr: '' });

      if (lab !== '02') await probeOnly(lab, look);

      const removed = await cli(['clean', lab, '--yes'], { home, env: student.env });
      expect(removed).toMatchObject({ code: 0, stderr: '' });
      // Some labs leave nothing to see when their logs are gone, too. But it can be looked at.
      const finished = await look('finished');
      expect([0, 1]).toContain(finished.code);
      expect(finished.stdout).not.toContain('could not');

      const kinesis = new KinesisClient(verifier.config);
      const lambda = new LambdaClient(verifier.config);
      const refused = { name: 'AccessDeniedException', message: expect.stringContaining('is not authorized to perform') };
      expect(await failureOf(kinesis.send(new CreateStreamCommand({ StreamName: 'lambda-cli-stream', ShardCount: 1 })))).toMatchObject(
        refused,
      );
      expect(await failureOf(lambda.send(new DeleteFunctionCommand({ FunctionName: 'kinesisEventLogger' })))).toMatchObject(refused);
      kinesis.destroy();
      lambda.destroy();
    },
  );
});
