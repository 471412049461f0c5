import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '../error.ts';
import { queryErrorCode } from '../protocols/query-errors.ts';

const mostEntries = 10;

interface BatchEntry {
  readonly Id: string | undefined;
}

/** @param kind of the entries, as AWS names it: `SendMessageBatchRequestEntry`. @throws {AwsError} for the batch as a whole */
export function checkBatch(entries: readonly BatchEntry[], kind: string): void {
  const refuse = (code: string, message: string) => new AwsError(code, message);
  if (entries.length === 0) throw refuse('EmptyBatchRequest', `There should be at least one ${kind} in the request.`);
  if (entries.length > mostEntries) {
    throw refuse(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${mostEntries}. You have sent ${entries.length}.`,
    );
  }
  const ids = entries.map(({ Id = '' }) => Id);
  if (ids.some((id) => !/^[A-Za-z0-9_-]{1,80}$/.test(id))) {
    throw refuse(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) < index);
  if (repeated !== undefined) throw refuse('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
}

/** Does each entry by itself: what is refused is listed, and the rest is done all the same. Empty lists are not there. */
export function eachEntry<Entry extends BatchEntry, Result extends object>(
  entries: readonly Entry[],
  perform: (entry: Entry) => Result,
): { Successful: (Result & { Id: string })[] | undefined; Failed: BatchResultErrorEntry[] | undefined } {
  const done: (Result & { Id: string })[] = [];
  const failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    const Id = entry.Id ?? '';
    try {
      done.push({ Id, ...perform(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id, SenderFault: true, Code: queryErrorCode(error), Message: error.message });
    }
  }
  return { Successful: done.length > 0 ? done : undefined, Failed: failed.length > 0 ? failed : undefined };
}
