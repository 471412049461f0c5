import { CreateDeliveryStreamCommand, type CreateDeliveryStreamCommandInput } from '@aws-sdk/client-firehose';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { firehoseSandbox, firehoseTrust } from '../../support/firehose.ts';
import { policyText, trustText } from '../../support/policies.ts';

const firehose = firehoseSandbox();

function failure(input: Partial<CreateDeliveryStreamCommandInput>) {
  return failureOf(firehose.client.send(new CreateDeliveryStreamCommand({ DeliveryStreamName: firehose.newName(), ...input })));
}

/** A role with a trust policy and, if it is to have any, permissions. @returns its ARN */
async function role(trust: string, permissions?: string): Promise<string> {
  const RoleName = firehose.newName('role');
  const { Role } = await firehose.iam.createRole({ RoleName, AssumeRolePolicyDocument: trust });
  if (permissions !== undefined) await firehose.iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument: permissions });
  return Role?.Arn ?? '';
}

describe('CreateDeliveryStream refuses', () => {
  it('a request that breaks a limit', async () => {
    const { message } = await failure({
      DeliveryStreamName: 'a b',
      ExtendedS3DestinationConfiguration: {
        RoleARN: 'me',
        BucketARN: 'bucket',
        BufferingHints: { SizeInMBs: 129, IntervalInSeconds: 901 },
      },
    });
    expect(message).toMatch(/^5 validation errors detected: Value 'a b' at 'deliveryStreamName' failed to satisfy constraint: /);
    expect(message).toContain("Value '901' at 'extendedS3DestinationConfiguration.bufferingHints.intervalInSeconds'");
  });

  it('no destination, and two of them', async () => {
    const destination = firehose.destination('b');
    const message = 'Exactly one destination configuration is supported for a Firehose';
    expect(await failure({})).toEqual({ name: 'InvalidArgumentException', message });
    expect(await failure({ S3DestinationConfiguration: destination, ExtendedS3DestinationConfiguration: destination })).toEqual({
      name: 'InvalidArgumentException',
      message,
    });
  });

  it('a name that is taken', async () => {
    const name = await firehose.deliveryStream({ ExtendedS3DestinationConfiguration: firehose.destination('b') });
    expect(await failure({ DeliveryStreamName: name, ExtendedS3DestinationConfiguration: firehose.destination('b') })).toMatchObject({
      name: 'ResourceInUseException',
      message: expect.stringContaining(name),
    });
  });

  it('a role that does not exist, and one that Firehose may not assume', async () => {
    const roles = ['arn:aws:iam::000000000000:role/nobody', await role(trustText({ Service: 'lambda.amazonaws.com' }))];
    for (const RoleARN of roles) {
      expect(await failure({ ExtendedS3DestinationConfiguration: firehose.destination('b', { RoleARN }) })).toEqual({
        name: 'InvalidArgumentException',
        message: `Firehose is unable to assume role ${RoleARN}. Please check the role provided.`,
      });
    }
  });

  it('a role that may not describe the Kinesis stream, which DescribeStreamSummary does not make up for', async () => {
    const KinesisStreamARN = await firehose.stream();
    const summary = policyText({ Action: ['kinesis:DescribeStreamSummary', 'kinesis:Get*', 'kinesis:ListShards'] });
    const RoleARN = await role(firehoseTrust, summary);
    const ExtendedS3DestinationConfiguration = firehose.destination('b');
    expect(
      await failure({
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration: { KinesisStreamARN, RoleARN },
        ExtendedS3DestinationConfiguration,
      }),
    ).toEqual({
      name: 'InvalidArgumentException',
      message: `Role ${RoleARN} is not authorized to perform: kinesis:DescribeStream on resource ${KinesisStreamARN}.`,
    });
  });

  it('a Kinesis stream that is not there, none where one is needed, and one where none is', async () => {
    const ExtendedS3DestinationConfiguration = firehose.destination('b');
    const KinesisStreamSourceConfiguration = {
      KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/nowhere',
      RoleARN: firehose.role,
    };
    const from = { DeliveryStreamType: 'KinesisStreamAsSource', ExtendedS3DestinationConfiguration } as const;
    expect((await failure({ ...from, KinesisStreamSourceConfiguration })).message).toContain('Stream nowhere under account 000000000000');
    expect((await failure(from)).name).toBe('InvalidArgumentException');
    expect((await failure({ KinesisStreamSourceConfiguration, ExtendedS3DestinationConfiguration })).name).toBe('InvalidArgumentException');
  });

  it('half a buffer, and a prefix with expressions that leaves errors without a place', async () => {
    const refused = async (settings: Parameters<typeof firehose.destination>[1]) =>
      (await failure({ ExtendedS3DestinationConfiguration: firehose.destination('b', settings) })).message;
    expect(await refused({ BufferingHints: { SizeInMBs: 5 } })).toContain('both SizeInMBs and IntervalInSeconds');
    expect(await refused({ Prefix: 'a/!{timestamp:yyyy}/' })).toBe(
      'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions.',
    );
    expect(await refused({ Prefix: '!{timestamp:yyyy}', ErrorOutputPrefix: 'errors/' })).toContain('!{firehose:error-output-type}');
    expect(await refused({ CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'g' } })).toContain('LogStreamName');
  });

  it('what the sandbox does not do, by name', async () => {
    const destination = (settings: Parameters<typeof firehose.destination>[1]) => ({
      ExtendedS3DestinationConfiguration: firehose.destination('b', settings),
    });
    const refused: readonly [part: string, input: Partial<CreateDeliveryStreamCommandInput>][] = [
      ['MSKAsSource', { DeliveryStreamType: 'MSKAsSource', ...destination({}) }],
      [
        'SplunkDestinationConfiguration',
        { SplunkDestinationConfiguration: { HECEndpoint: 'x', HECEndpointType: 'Raw', S3Configuration: firehose.destination('b') } },
      ],
      ['The compression format ZIP', destination({ CompressionFormat: 'ZIP' })],
      ['S3BackupMode Enabled', destination({ S3BackupMode: 'Enabled' })],
      ['The processor Lambda', destination({ ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'Lambda' }] } })],
      ['DynamicPartitioningConfiguration.Enabled', destination({ DynamicPartitioningConfiguration: { Enabled: true } })],
      ['DataFormatConversionConfiguration.Enabled', destination({ DataFormatConversionConfiguration: {} })],
      [
        '!{partitionKeyFromQuery:id}',
        destination({ Prefix: '!{partitionKeyFromQuery:id}/', ErrorOutputPrefix: '!{firehose:error-output-type}' }),
      ],
      ['CustomTimeZone', destination({ CustomTimeZone: 'Asia/Tokyo' })],
    ];
    for (const [part, input] of refused) {
      const { name, message } = await failure(input);
      expect(name).toBe('NotImplemented');
      expect(message).toContain(part);
    }
  });
});

describe('CreateDeliveryStream', () => {
  it('makes a delivery stream from a Kinesis stream to S3, which is described as AWS describes it', async () => {
    const KinesisStreamARN = await firehose.stream();
    const name = await firehose.deliveryStream({
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN, RoleARN: firehose.role },
      ExtendedS3DestinationConfiguration: { RoleARN: firehose.role, BucketARN: 'arn:aws:s3:::telemetry', Prefix: 'raw/' },
    });
    const common = {
      RoleARN: firehose.role,
      BucketARN: 'arn:aws:s3:::telemetry',
      Prefix: 'raw/',
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
      CompressionFormat: 'UNCOMPRESSED',
      EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
      CloudWatchLoggingOptions: { Enabled: false },
    };
    expect(await firehose.describe(name)).toEqual({
      DeliveryStreamName: name,
      DeliveryStreamARN: firehose.arn(name),
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'KinesisStreamAsSource',
      VersionId: '1',
      CreateTimestamp: expect.any(Date),
      Source: { KinesisStreamSourceDescription: { KinesisStreamARN, RoleARN: firehose.role, DeliveryStartTimestamp: expect.any(Date) } },
      Destinations: [
        {
          DestinationId: 'destinationId-000000000001',
          ExtendedS3DestinationDescription: { ...common, S3BackupMode: 'Disabled' },
          S3DestinationDescription: common,
        },
      ],
      HasMoreDestinations: false,
    });
  });

  it('takes the older form of an S3 destination as well, and a role that asks for the account as external id', async () => {
    const trust = trustText({ Service: 'firehose.amazonaws.com' }, { Condition: { StringEquals: { 'sts:ExternalId': '000000000000' } } });
    const RoleARN = await role(trust);
    const name = await firehose.deliveryStream({ S3DestinationConfiguration: { RoleARN, BucketARN: 'arn:aws:s3:::b' } });
    expect(await firehose.describe(name)).toMatchObject({
      DeliveryStreamType: 'DirectPut',
      Destinations: [{ S3DestinationDescription: { RoleARN } }],
    });
  });
});
