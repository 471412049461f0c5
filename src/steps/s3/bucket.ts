import { z } from 'zod';
import { apiCall } from '../../aws/api-call.ts';
import { ApiError, type Aws, orDone } from '../../aws/aws.ts';
import { allFound, type Query, queryText } from '../../aws/query.ts';
import { type Advice, advised } from '../advice.ts';
import { byHand, looked, missing } from '../finding.ts';
import { defineResource } from '../resource.ts';
import { defineStep } from '../step.ts';
import { listObjects, paged } from './object-list.ts';

const existsTimeoutMs = 30_000;
// Objects go one by one, and what delivers to the bucket may bring new ones meanwhile.
const goneTimeoutMs = 120_000;

/** Buckets of all accounts share their names, so these follow the rules of DNS (S3 User Guide, "Bucket naming rules"). */
export const bucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'has to be 3 to 63 small letters, digits, hyphens and dots')
  .refine((name) => !/\.\.|^\d+\.\d+\.\d+\.\d+$/.test(name), 'must not have two dots in a row, nor look like an IP address');

const schema = z.strictObject({
  name: bucketName.describe('Name of the bucket, which no other bucket on AWS may have: end it with something of your own.'),
});
type Input = z.output<typeof schema>;

const createBucket = ({ name }: Input) => apiCall('s3', 'CreateBucket', { Bucket: name });
const listBuckets = ({ name }: Input) => apiCall('s3', 'ListBuckets', { Prefix: name });
const buckets = { request: 'ContinuationToken', answer: 'ContinuationToken' } as const;

/** Only those of the account itself are listed. */
const ownBucket = (input: Input): Query => ({
  call: listBuckets(input),
  query: `Buckets[?Name == ${queryText(input.name)}].Name`,
  pages: buckets,
});

/** A bucket can be deleted only when nothing is in it (S3 API reference). */
const bucketResource = defineResource({
  type: 's3:bucket',
  noun: 'bucket',
  all: { call: apiCall('s3', 'ListBuckets', {}), query: 'Buckets[].Name', pages: buckets },
  tags: (name) => ({ call: apiCall('s3', 'GetBucketTagging', { Bucket: name }), query: 'TagSet' }),
  removal: (name) => ({
    calls: [
      {
        each: { call: listObjects({ bucket: name, prefix: '' }), query: 'Contents[].Key', pages: paged },
        call: (key) => apiCall('s3', 'DeleteObject', { Bucket: name, Key: key }),
      },
      { call: () => apiCall('s3', 'DeleteBucket', { Bucket: name }) },
    ],
    left: ownBucket({ name }),
    timeoutMs: goneTimeoutMs,
  }),
});

const existsText = ({ name }: Input): string => `the bucket ${name} to exist`;

export const bucket = defineStep({
  summary: 'Creates an S3 bucket.',
  input: schema,
  outputs: {
    name: { what: 'name of the bucket', example: 'telemetry-k3f9z2', call: listBuckets, query: 'Buckets[0].Name' },
    arn: {
      what: 'ARN of the bucket',
      example: 'arn:aws:s3:::telemetry-k3f9z2',
      call: listBuckets,
      query: "Buckets[].join('', ['arn:aws:s3:::', Name]) | [0]",
    },
  },
  examples: [{ name: 'telemetry-k3f9z2' }],
  resources: [bucketResource],
  owns: ({ name }) => [{ type: 's3:bucket', id: name }],
  explain: (input) => [createBucket(input), listBuckets(input)],
  awaits: (input) => [
    {
      what: existsText(input),
      call: listBuckets(input),
      query: `contains(Buckets[].Name, ${queryText(input.name)})`,
      withinMs: [existsTimeoutMs],
    },
  ],
  shows: listBuckets,
  async apply(input, { aws, wait }) {
    if (await isThere(input, aws)) return;
    await advised(orDone(aws.call(createBucket(input))), advice);
    await wait({ what: existsText(input), timeoutMs: existsTimeoutMs }, async () => ((await isThere(input, aws)) ? true : undefined));
  },
  async check(input, { aws }) {
    const fact = `bucket ${input.name}`;
    if (await isThere(input, aws)) return [looked(fact, true, 'a bucket of this account', 'a bucket of this account', '')];
    const hint = (await isOfOthers(input, aws))
      ? 'Bucket names are taken once and for all of AWS. Choose another name.'
      : `Create it: ${byHand(createBucket(input))}; outside us-east-1, add --create-bucket-configuration LocationConstraint= and the region.`;
    return [missing(fact, 'a bucket of this account', 'there is none', hint)];
  },
});

async function isThere(input: Input, aws: Aws): Promise<boolean> {
  return (await allFound(aws, ownBucket(input))).length > 0;
}

/** A bucket of another account may not be looked at: HTTP 403, or 301 from the region that it is in. */
async function isOfOthers({ name }: Input, aws: Aws): Promise<boolean> {
  try {
    await aws.call(apiCall('s3', 'HeadBucket', { Bucket: name }));
    return false;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 403 || error.status === 301;
  }
}

/** What S3 refuses about a new bucket, and what to do. */
const advice: readonly Advice[] = [
  {
    code: 'BucketAlreadyExists',
    hint: 'Bucket names are taken once and for all of AWS. Choose another name, with --set where the lab has a name for it.',
  },
  {
    code: 'BucketAlreadyOwnedByYou',
    hint: 'The bucket was created a moment ago, perhaps in another region. Run the step again in a minute.',
  },
  {
    code: 'OperationAborted',
    hint: 'A bucket of this name has just been deleted. Run the step again in some minutes, or choose another name.',
  },
  { code: 'TooManyBuckets', hint: 'The account has as many buckets as it may. Delete one that nobody needs, and run the step again.' },
];
