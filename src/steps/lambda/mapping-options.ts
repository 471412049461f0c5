import { z } from 'zod';
import type { InputOf, OutputOf } from '../../util/sdk.ts';

/** The settings of an event-source mapping that can be changed later, as fields of a step. */
export const mappingOptionFields = {
  'batch-size': z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Records for one invocation, at most. Lambda takes 100 when this is left out.'),
  'batching-window': z.int().min(0).max(300).optional().describe('Seconds for which records are collected before the function is invoked.'),
  'parallelization-factor': z.int().min(1).max(10).optional().describe('Batches of one shard that are processed at the same time.'),
  'maximum-retry-attempts': z
    .int()
    .min(-1)
    .max(10_000)
    .optional()
    .describe('How often a batch that failed is tried again; -1 is for as long as it exists.'),
  'maximum-record-age': z
    .int()
    .min(-1)
    .max(604_800)
    .refine((seconds) => seconds === -1 || seconds >= 60, 'has to be -1, or 60 to 604800')
    .optional()
    .describe('Seconds after which a record is given up, 60 at least; -1 is never.'),
  'bisect-on-error': z.boolean().optional().describe('Whether a batch that failed is split in two.'),
  'report-batch-item-failures': z.boolean().optional().describe('Whether the function says which records of a batch failed.'),
  'on-failure': z
    .string()
    .regex(/^arn:[\w-]+:(sqs|sns|s3):/, 'has to be the ARN of an SQS queue, an SNS topic or an S3 bucket')
    .optional()
    .describe('ARN of what is told of records that were given up.'),
};
type Fields = z.output<z.ZodObject<typeof mappingOptionFields>>;

type Update = Omit<InputOf<'lambda', 'UpdateEventSourceMapping'>, 'UUID'>;
type Mapping = NonNullable<OutputOf<'lambda', 'ListEventSourceMappings'>['EventSourceMappings']>[number];
type Member = keyof Update & keyof Mapping;

/** A setting that a step asks for. */
interface MappingOption {
  /** What it is called in findings. */
  readonly fact: string;
  readonly expected: unknown;
  observed(mapping: Mapping): unknown;
  /** The members of the API that ask for it. */
  readonly request: Update;
  /** The same members with another value that Lambda takes. */
  readonly otherwise: Update;
}

/** The settings that are asked for, in the order of the fields. */
export function mappingOptions(fields: Fields): readonly MappingOption[] {
  const { 'batch-size': batch, 'batching-window': window, 'parallelization-factor': factor, 'on-failure': destination } = fields;
  const { 'maximum-retry-attempts': retries, 'maximum-record-age': age } = fields;
  const { 'bisect-on-error': bisect, 'report-batch-item-failures': report } = fields;
  return [
    ...option('batch size', 'BatchSize', batch, batch === 1 ? 2 : 1),
    ...option('batching window in seconds', 'MaximumBatchingWindowInSeconds', window, window === 300 ? 299 : (window ?? 0) + 1),
    ...option('parallelization factor', 'ParallelizationFactor', factor, factor === 1 ? 2 : 1),
    ...option('maximum retry attempts', 'MaximumRetryAttempts', retries, retries === 0 ? 1 : 0),
    ...option('maximum record age in seconds', 'MaximumRecordAgeInSeconds', age, age === -1 ? 60 : -1),
    ...option('splitting of failed batches', 'BisectBatchOnFunctionError', bisect, !bisect),
    ...option('function response types', 'FunctionResponseTypes', report === undefined ? undefined : types(report), types(!report)),
    ...(destination === undefined ? [] : [onFailure(destination)]),
  ];
}

/** Several settings as members of one request. */
export function together(options: readonly Pick<MappingOption, 'request'>[]): Update {
  return Object.assign({}, ...options.map(({ request }) => request));
}

function option<Name extends Member>(
  fact: string,
  member: Name,
  value: Update[Name] | undefined,
  other: Update[Name],
): readonly MappingOption[] {
  if (value === undefined) return [];
  return [{ fact, expected: value, observed: (mapping) => mapping[member], request: { [member]: value }, otherwise: { [member]: other } }];
}

function onFailure(arn: string): MappingOption {
  return {
    fact: 'on-failure destination',
    expected: arn,
    observed: ({ DestinationConfig }) => DestinationConfig?.OnFailure?.Destination,
    request: { DestinationConfig: { OnFailure: { Destination: arn } } },
    otherwise: { DestinationConfig: { OnFailure: {} } },
  };
}

function types(report: boolean): 'ReportBatchItemFailures'[] {
  return report ? ['ReportBatchItemFailures'] : [];
}
