import type { Tag } from '@aws-sdk/client-iam';
import { AwsError } from '../error.ts';
import { limitExceeded } from './refusals.ts';

/**
 * Adds tags to those that an entity has.
 * @throws {AwsError} InvalidInput for a key that is there twice, LimitExceeded for more than fifty tags; neither changes anything
 */
export function addTags(tags: Map<string, string>, added: readonly Tag[]): void {
  const keys = added.map(({ Key }) => (Key ?? '').toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw new AwsError('InvalidInput', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  const kept = [...tags].filter(([key]) => !keys.includes(key.toLowerCase()));
  const all = [...kept, ...added.map(({ Key, Value }): [string, string] => [Key ?? '', Value ?? ''])];
  if (all.length > 50) {
    throw limitExceeded('The number of tags has reached the maximum limit.');
  }
  tags.clear();
  for (const [key, value] of all) tags.set(key, value);
}

export function tagList(tags: ReadonlyMap<string, string>): Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
