import type { CreateEventSourceMappingCommandInput, DestinationConfig, EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import type { Constraint } from '../../operation.ts';
import { invalidParameter, refuseMembers, validationError } from '../error.ts';
import type { RetryRules } from './batch.ts';
import { type FailureDestination, parseDestination } from './destination.ts';
import { parseFilter, type RecordFilter } from './filter.ts';

/** The function that a mapping is for, one of its versions, or an alias. */
export interface MappedFunction {
  readonly name: string;
  readonly qualifier: string | undefined;
  /** As the mapping shows it: with the qualifier where there is one. */
  readonly arn: string;
}

/** What of a mapping can be changed. */
export interface MappingSettings extends RetryRules {
  readonly target: MappedFunction;
  readonly enabled: boolean;
  readonly batchSize: number;
  /** Seconds. */
  readonly batchingWindow: number;
  readonly parallelization: number;
  /** Seconds; 0 for none. */
  readonly tumblingWindow: number;
  readonly onFailure: FailureDestination | undefined;
  /** A record is sent when one of them lets it pass, or when there are none. */
  readonly filters: readonly RecordFilter[];
}

type Settable = Omit<
  CreateEventSourceMappingCommandInput,
  'FunctionName' | 'EventSourceArn' | 'StartingPosition' | 'StartingPositionTimestamp' | 'Tags'
>;

/** The limits of the members that both operations share (Lambda API model). */
export const mappingConstraints = {
  BatchSize: { min: 1, max: 10_000 },
  DestinationConfig: { members: { OnFailure: { members: { Destination: { maxLength: 350 } } } } },
  FilterCriteria: { members: { Filters: { each: { members: { Pattern: { maxLength: 4_096 } } } } } },
  MaximumBatchingWindowInSeconds: { min: 0, max: 300 },
  ParallelizationFactor: { min: 1, max: 10 },
  MaximumRecordAgeInSeconds: { min: -1, max: 604_800 },
  MaximumRetryAttempts: { min: -1, max: 10_000 },
  TumblingWindowInSeconds: { min: 0, max: 900 },
  FunctionResponseTypes: { maxLength: 1, each: { values: ['ReportBatchItemFailures'] } },
} as const satisfies Readonly<Record<string, Constraint>>;

const unsupported = [
  'Topics',
  'Queues',
  'SourceAccessConfigurations',
  'SelfManagedEventSource',
  'AmazonManagedKafkaEventSourceConfig',
  'SelfManagedKafkaEventSourceConfig',
  'ScalingConfig',
  'DocumentDBEventSourceConfig',
  'KMSKeyArn',
  'MetricsConfig',
  'LoggingConfig',
  'ProvisionedPollerConfig',
];

/** What a mapping may have unless AWS is asked for more (Lambda Developer Guide, "Event filtering"). */
const mostFilters = 5;

/** The defaults for streams (mappings recorded on AWS). */
export const defaultSettings: Omit<MappingSettings, 'target'> = {
  enabled: true,
  batchSize: 100,
  batchingWindow: 0,
  parallelization: 1,
  tumblingWindow: 0,
  onFailure: undefined,
  filters: [],
  maximumRetries: -1,
  maximumAge: -1,
  bisect: false,
  reportsItemFailures: false,
};

/**
 * The settings that a request asks for, on top of those that are there.
 * @throws {AwsError} for what is not allowed or not implemented.
 */
export function changeMapping(operation: string, current: MappingSettings, input: Settable): MappingSettings {
  refuseMembers(operation, input, unsupported);
  const age = input.MaximumRecordAgeInSeconds ?? current.maximumAge;
  if (age !== -1 && age < 60) {
    // The text is unverified.
    const problem = "at 'maximumRecordAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60";
    throw validationError(`Value '${age}' ${problem}`);
  }
  const parallelization = input.ParallelizationFactor ?? current.parallelization;
  const tumblingWindow = input.TumblingWindowInSeconds ?? current.tumblingWindow;
  if (tumblingWindow > 0 && parallelization !== 1) {
    throw invalidParameter('Parallelization factor must be equal to 1 when tumbling window period is configured');
  }
  const patterns = input.FilterCriteria?.Filters?.map(({ Pattern = '' }) => Pattern);
  // The limit is documented, the text is unverified.
  if ((patterns?.length ?? 0) > mostFilters) throw invalidParameter(`A mapping can have ${mostFilters} filters at the most.`);
  return {
    ...current,
    enabled: input.Enabled ?? current.enabled,
    batchSize: input.BatchSize ?? current.batchSize,
    batchingWindow: input.MaximumBatchingWindowInSeconds ?? current.batchingWindow,
    parallelization,
    tumblingWindow,
    onFailure: input.DestinationConfig === undefined ? current.onFailure : destinationOf(input.DestinationConfig),
    filters: input.FilterCriteria === undefined ? current.filters : (patterns ?? []).map(parseFilter),
    maximumRetries: input.MaximumRetryAttempts ?? current.maximumRetries,
    maximumAge: age,
    bisect: input.BisectBatchOnFunctionError ?? current.bisect,
    reportsItemFailures: input.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? current.reportsItemFailures,
  };
}

/** An empty ARN, or none, takes the destination away. The text is unverified. */
function destinationOf({ OnSuccess, OnFailure }: DestinationConfig): FailureDestination | undefined {
  if (OnSuccess?.Destination) throw invalidParameter('Event source mappings of streams have no destination for successes.');
  return OnFailure?.Destination ? parseDestination(OnFailure.Destination) : undefined;
}

/** The settings as the mapping shows them (mappings recorded on AWS). */
export function shownSettings(settings: MappingSettings): EventSourceMappingConfiguration {
  return {
    FunctionArn: settings.target.arn,
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.batchingWindow,
    ParallelizationFactor: settings.parallelization,
    ...(settings.filters.length === 0
      ? {}
      : { FilterCriteria: { Filters: settings.filters.map(({ pattern }) => ({ Pattern: pattern })) } }),
    DestinationConfig: { OnFailure: settings.onFailure === undefined ? {} : { Destination: settings.onFailure.arn } },
    MaximumRecordAgeInSeconds: settings.maximumAge,
    BisectBatchOnFunctionError: settings.bisect,
    MaximumRetryAttempts: settings.maximumRetries,
    TumblingWindowInSeconds: settings.tumblingWindow,
    FunctionResponseTypes: settings.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
  };
}
