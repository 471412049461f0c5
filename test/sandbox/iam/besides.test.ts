import { Firehose } from '@aws-sdk/client-firehose';
import { IAM } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { failureOf } from '../../support/failure.ts';
import { firehoseTrust } from '../../support/firehose.ts';
import { roleSession } from '../../support/role-session.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const allow = (...Action: readonly string[]) => [{ Effect: 'Allow', Action, Resource: '*' }];
const who = (role: string) => `User: arn:aws:sts::000000000000:assumed-role/${role}/tester is not authorized to perform: `;

describe('whoever creates something with tags has to be allowed both', () => {
  it('for a stream, to add tags to it', async () => {
    const kinesis = new Kinesis(await roleSession(sandbox, 'plain', allow('kinesis:CreateStream', 'kinesis:TagResource')));
    expect(await failureOf(kinesis.createStream({ StreamName: 's', ShardCount: 1, Tags: { a: 'b' } }))).toEqual({
      name: 'AccessDeniedException',
      message: `${who('plain')}kinesis:AddTagsToStream on resource: arn:aws:kinesis:us-east-1:000000000000:stream/s because no identity-based policy allows the kinesis:AddTagsToStream action`,
    });
    await kinesis.createStream({ StreamName: 's', ShardCount: 1 });
    const both = new Kinesis(await roleSession(sandbox, 'both', allow('kinesis:CreateStream', 'kinesis:AddTagsToStream')));
    await both.createStream({ StreamName: 't', ShardCount: 1, Tags: { a: 'b' } });
    kinesis.destroy();
    both.destroy();
  });

  it('for roles and queues, in the words of their services', async () => {
    const config = await roleSession(sandbox, 'maker', allow('iam:CreateRole', 'sqs:CreateQueue'));
    const [iam, sqs] = [new IAM(config), new SQS(config)];
    const role = { RoleName: 'r', AssumeRolePolicyDocument: firehoseTrust, Tags: [{ Key: 'a', Value: 'b' }] };
    expect((await failureOf(iam.createRole(role))).message).toContain(
      `${who('maker')}iam:TagRole on resource: arn:aws:iam::000000000000:role/r`,
    );
    expect((await failureOf(sqs.createQueue({ QueueName: 'q', tags: { a: 'b' } }))).message).toContain('sqs:tagqueue');
    await iam.createRole({ ...role, Tags: [] });
    iam.destroy();
    sqs.destroy();
  });
});

describe('whoever has Firehose act in the name of a role', () => {
  it('has to be allowed to pass it, to Firehose', async () => {
    const root = new IAM({ endpoint: sandbox.endpoint, region: sandbox.region, credentials: sandbox.credentials });
    const { Role } = await root.createRole({ RoleName: 'delivery', AssumeRolePolicyDocument: firehoseTrust });
    root.destroy();
    const stream = { DeliveryStreamName: 'd', ExtendedS3DestinationConfiguration: { RoleARN: Role?.Arn, BucketARN: 'arn:aws:s3:::b' } };
    const plain = new Firehose(await roleSession(sandbox, 'no-pass', allow('firehose:CreateDeliveryStream')));
    expect(await failureOf(plain.createDeliveryStream(stream))).toEqual({
      name: 'AccessDeniedException',
      message: `${who('no-pass')}iam:PassRole on resource: ${Role?.Arn} because no identity-based policy allows the iam:PassRole action`,
    });
    const condition = { StringEquals: { 'iam:PassedToService': 'firehose.amazonaws.com' } };
    const passing = [...allow('firehose:CreateDeliveryStream'), { ...allow('iam:PassRole')[0], Condition: condition }];
    const passer = new Firehose(await roleSession(sandbox, 'pass', passing));
    expect(await passer.createDeliveryStream(stream)).toMatchObject({ DeliveryStreamARN: expect.stringContaining(':deliverystream/d') });
    plain.destroy();
    passer.destroy();
  });
});
