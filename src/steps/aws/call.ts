import { z } from 'zod';
import { type ApiCall, isReadOnly } from '../../aws/api-call.ts';
import { ApiError, absentCodes } from '../../aws/aws.ts';
import { unknownMembers } from '../../aws/call-shape.ts';
import { type ServiceName, serviceNames } from '../../util/sdk.ts';
import { UserError } from '../../util/user-error.ts';
import { examined, expectation } from '../expectation.ts';
import { looked, missing } from '../finding.ts';
import { defineStep } from '../step.ts';

// Read-only, and yet not for labs: what they answer with is a secret, or a link that works like one.
const answersWithSecret = new Set([
  'sts:AssumeRole',
  'sts:GetSessionToken',
  'sts:GetFederationToken',
  'lambda:GetFunction',
  'lambda:GetLayerVersion',
  'lambda:GetLayerVersionByArn',
]);

const schema = z
  .strictObject({
    service: z.enum(serviceNames as [ServiceName, ...ServiceName[]]).describe('The service, as the AWS CLI calls it.'),
    operation: z
      .string()
      .regex(/^[A-Z]\w+$/, 'has to be spelled as in the AWS API reference, like ListStreams')
      .describe('A read-only operation, as in the AWS API reference: ListStreams.'),
    input: z.record(z.string(), z.unknown()).default({}).describe('Members of the request.'),
    expect: z.array(expectation).default([]).describe('What the answer has to hold.'),
  })
  .superRefine(({ service, operation, input }, context) => {
    const name = `${service}:${operation}`;
    if (!isReadOnly({ service, operation, input })) {
      context.addIssue({
        code: 'custom',
        path: ['operation'],
        message: `${name} changes something; aws/call makes read-only calls only (Get…, List…, Describe…, Filter…)`,
      });
    } else if (answersWithSecret.has(name)) {
      context.addIssue({ code: 'custom', path: ['operation'], message: `${name} answers with a secret, which must not be shown` });
    }
  });
type Input = z.output<typeof schema>;

const callOf = ({ service, operation, input }: Input): ApiCall => ({ service, operation, input });

export const call = defineStep({
  summary: 'Makes a read-only call of an AWS API, and compares what it answers.',
  input: schema,
  outputs: {},
  examples: [
    { service: 'kinesis', operation: 'ListStreams', expect: [{ query: 'StreamNames', contains: 'lambda-cli-stream' }] },
    {
      service: 'kinesis',
      operation: 'DescribeStreamSummary',
      input: { StreamName: 'lambda-cli-stream' },
      expect: [
        { query: 'StreamDescriptionSummary.StreamStatus', equals: 'ACTIVE' },
        { query: 'StreamDescriptionSummary.StreamARN', matches: '^arn:aws:kinesis:.*:stream/lambda-cli-stream$' },
      ],
    },
  ],
  async flaws(input) {
    const unknown = unknownMembers(callOf(input));
    if (unknown instanceof UserError)
      return [{ path: ['operation'], message: unknown.message, ...(unknown.hint && { hint: unknown.hint }) }];
    return unknown.map(({ path, ...problem }) => ({ path: ['input', ...path], about: 'key', ...problem }));
  },
  resources: [],
  owns: () => [],
  explain: (input) => [callOf(input)],
  shows: callOf,
  // Nothing is to be made; the check makes the call.
  apply: async () => undefined,
  async check(input, { aws }) {
    const name = `${input.service}:${input.operation}`;
    try {
      const answer = await aws.call(callOf(input));
      if (input.expect.length === 0) return [looked(name, true, 'an answer', 'an answer', '')];
      return await Promise.all(input.expect.map((each) => examined(`the answer to ${name}`, each, answer)));
    } catch (error) {
      // That there is no such thing says something about the lab; what else can go wrong is about the surroundings.
      if (!(error instanceof ApiError) || !/NotFound|NoSuchEntity|Validation|InvalidArgument|InvalidParameter/.test(error.code))
        throw error;
      const observed = `${error.code}: ${error.message}`;
      const hint = 'A step before has to create what is looked at here.';
      if (absentCodes.includes(error.code)) return [missing(name, 'an answer', observed, hint)];
      return [looked(name, false, 'an answer', observed, hint)];
    }
  },
});
