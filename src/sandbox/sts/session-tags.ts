import type { Tag } from '@aws-sdk/client-sts';
import { AwsError } from '../error.ts';
import type { Principal } from '../operation.ts';

/**
 * The tags of a new session: those that AssumeRole is given, and those of the calling session that go on (IAM User Guide,
 * "Pass session tags in AWS STS"; texts recorded from STS). Keys do not distinguish case.
 * @throws {AwsError} InvalidParameterValue
 */
export function sessionTags(
  given: readonly Tag[] = [],
  transitiveKeys: readonly string[] = [],
  { transitiveTags: inherited = {} }: Pick<Principal, 'transitiveTags'>,
): Pick<Principal, 'sessionTags' | 'transitiveTags'> {
  const names = given.map(({ Key = '' }) => Key.toLowerCase());
  if (new Set(names).size < names.length) throw invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  const transitive = new Set(transitiveKeys.map((key) => key.toLowerCase()));
  if ([...transitive].some((key) => !names.includes(key))) {
    throw invalid('The specified transitive tag key must be included in the requested tags.');
  }
  if (Object.keys(inherited).some((key) => names.includes(key.toLowerCase()))) {
    throw invalid(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  const own = given.map(({ Key = '', Value = '' }): [string, string] => [Key, Value]);
  const all = { ...inherited, ...Object.fromEntries(own) };
  const on = { ...inherited, ...Object.fromEntries(own.filter(([key]) => transitive.has(key.toLowerCase()))) };
  return {
    ...(Object.keys(all).length === 0 ? {} : { sessionTags: all }),
    ...(Object.keys(on).length === 0 ? {} : { transitiveTags: on }),
  };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}
