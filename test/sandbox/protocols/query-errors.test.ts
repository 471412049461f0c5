import * as sqs from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/sandbox/error.ts';
import { jsonRpc } from '../../../src/sandbox/protocols/json-rpc.ts';
import { queryErrors } from '../../../src/sandbox/protocols/query-errors.ts';
import { operationShapes, queryErrorCodes } from '../../../src/sandbox/protocols/schema.ts';

const codes = queryErrorCodes(sqs);
const protocol = jsonRpc({
  version: '1.0',
  target: 'AmazonSQS',
  operations: operationShapes(sqs),
  queryErrors: queryErrors('com.amazonaws.sqs', codes),
});

function written(code: string, status = 400) {
  const { headers, body } = protocol.writeError(new AwsError(code, 'text', { status }), 'id-1');
  return [JSON.parse(String(body)), headers['x-amzn-query-error']];
}

describe('the errors of a JSON service that spoke the query protocol before', () => {
  it('carry the code of that time in a header', () => {
    const type = 'com.amazonaws.sqs#QueueDoesNotExist';
    expect(written('QueueDoesNotExist')).toEqual([{ __type: type, message: 'text' }, 'AWS.SimpleQueueService.NonExistentQueue;Sender']);
    expect(written('QueueNameExists')[1]).toBe('QueueAlreadyExists;Sender');
    expect(written('InvalidAttributeName')[1]).toBe('InvalidAttributeName;Sender');
  });

  it('are named after the framework when they are not of the service itself', () => {
    expect(written('InvalidParameterValueException')).toEqual([
      { __type: 'com.amazon.coral.service#InvalidParameterValueException', message: 'text' },
      'InvalidParameterValue;Sender',
    ]);
    expect(written('InternalFailure', 500)[1]).toBe('InternalFailure;Receiver');
  });
});
