import type { Advice } from '../advice.ts';

/** What to do about what Kinesis answers to a put. */
export function streamAdvice(stream: string): readonly Advice[] {
  return [
    {
      code: 'ResourceNotFoundException',
      hint: `Create the stream ${stream} first, and wait until it is ACTIVE: a stream that is being created takes no records.`,
    },
    {
      code: 'InvalidArgumentException',
      hint: 'A record has 1 MiB of data and partition key at most, unless its stream was set to take larger ones.',
    },
    {
      code: 'ProvisionedThroughputExceededException',
      hint: 'A shard takes 1,000 records and 1 MiB a second. Put fewer at a time, or spread them over more shards by their partition keys.',
    },
  ];
}
