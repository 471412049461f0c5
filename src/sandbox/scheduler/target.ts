import type { RetryPolicy, Target } from '@aws-sdk/client-scheduler';
import { putRecord as putToDeliveryStream } from '../firehose/put-record.ts';
import { putRecord } from '../kinesis/put-record.ts';
import { invoke } from '../lambda/functions/invoke.ts';
import { notImplemented, refuseUnsupportedMembers } from '../not-implemented.ts';
import { sendMessage } from '../sqs/send-message.ts';
import { type Call, callOf } from './call.ts';
import { invalid } from './errors.ts';

/** A target as it was given, with what it has by default. */
export type ScheduleTarget = Target & { readonly Arn: string; readonly RoleArn: string; readonly RetryPolicy: RetryPolicy };

const defaultRetries = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };

const unsupported = [
  'EcsParameters',
  'EventBridgeParameters',
  'EventBridgePutEventsV2Parameters',
  'EventBridgePutRawEventsParameters',
  'SageMakerPipelineParameters',
];

/**
 * Checks what a schedule is to call. Whether it is there is not looked at, and neither does AWS. The texts are unverified.
 * @throws {AwsError} ValidationException; NotImplemented for what the sandbox does not call
 */
export function checkTarget(target: Target | undefined): ScheduleTarget {
  const { Arn = '', RoleArn = '', RetryPolicy = {} } = target ?? {};
  const [arn, partition = '', service = '', , , ...resource] = Arn.split(':');
  if (arn !== 'arn' || !partition.startsWith('aws') || service === '' || resource.join('') === '') {
    throw invalid('Provided Arn is not in correct format.');
  }
  refuseUnsupportedMembers('scheduler:CreateSchedule', target ?? {}, unsupported);
  if (kindOf(Arn) === undefined)
    throw notImplemented(`A target of a schedule other than a function, a queue, a Kinesis stream or a Firehose stream (${Arn})`);
  if (kindOf(Arn) === 'stream' && target?.KinesisParameters === undefined) {
    throw invalid('Parameter KinesisParameters must be specified for target of type Kinesis.');
  }
  const dead = target?.DeadLetterConfig?.Arn;
  if (dead !== undefined && (kindOf(dead) !== 'queue' || dead.endsWith('.fifo'))) {
    throw invalid(`The dead-letter queue ${dead} has to be a standard queue of Amazon SQS.`);
  }
  return { ...target, Arn, RoleArn, RetryPolicy: { ...defaultRetries, ...RetryPolicy } };
}

function kindOf(arn: string): 'function' | 'queue' | 'stream' | 'delivery stream' | undefined {
  if (/^arn:aws[\w-]*:lambda:[^:]+:\d{12}:function:[\w-]+(:(\$LATEST|[\w-]+))?$/.test(arn)) return 'function';
  if (/^arn:aws[\w-]*:sqs:[^:]+:\d{12}:[\w.-]+$/.test(arn)) return 'queue';
  if (/^arn:aws[\w-]*:kinesis:[^:]+:\d{12}:stream\/[\w.-]+$/.test(arn)) return 'stream';
  if (/^arn:aws[\w-]*:firehose:[^:]+:\d{12}:deliverystream\/[\w.-]+$/.test(arn)) return 'delivery stream';
  return undefined;
}

/** The call that a target stands for (EventBridge Scheduler User Guide, "Using templated targets"). */
export function targetCall(target: ScheduleTarget, payload: string): Call {
  const data = Buffer.from(payload);
  const name = target.Arn.slice(target.Arn.search(/[/:][^/:]*$/) + 1);
  switch (kindOf(target.Arn)) {
    case 'function':
      return callOf('lambda', 'Invoke', invoke, { FunctionName: target.Arn, InvocationType: 'Event', Payload: data });
    case 'queue':
      return queueCall(target.Arn, { MessageBody: payload, MessageGroupId: target.SqsParameters?.MessageGroupId });
    case 'stream':
      return callOf('kinesis', 'PutRecord', putRecord, {
        StreamARN: target.Arn,
        PartitionKey: target.KinesisParameters?.PartitionKey,
        Data: data,
      });
    case 'delivery stream':
      return callOf('firehose', 'PutRecord', putToDeliveryStream, { DeliveryStreamName: name, Record: { Data: data } });
    case undefined:
      throw new Error(`${target.Arn} is no target.`);
  }
}

type Message = Omit<Parameters<typeof sendMessage.handle>[0], 'QueueUrl'>;

export function queueCall(arn: string, message: Message): Call {
  const [, , , , account = '', name = ''] = arn.split(':');
  return callOf('sqs', 'SendMessage', sendMessage, { QueueUrl: `/${account}/${name}`, ...message });
}
