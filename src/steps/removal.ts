import type { ApiCall } from '../aws/api-call.ts';
import { ApiError, type Aws, orAbsent } from '../aws/aws.ts';
import { allFound, type Query } from '../aws/query.ts';
import { type Wait, WaitTimeout } from '../aws/wait.ts';
import { inTime } from './advice.ts';

/**
 * How a resource is removed, as data, so that what is done and what is printed as AWS CLI lines cannot differ. The calls
 * are made in their order; again, while AWS says that it is not the time for it, and as long as something is left.
 */
export interface Removal {
  readonly calls: readonly RemovalCall[];
  /** Finds something as long as anything of the resource is there, be it on its way out. */
  readonly left: Query;
  readonly timeoutMs: number;
}

/** A call that is made once, or for each text that a query finds. */
export interface RemovalCall {
  readonly each?: Query;
  /** `item` is what the query found; empty without one. */
  call(item: string): ApiCall;
}

// How AWS says that something is being created, changed or still in use.
const busyCodes = /^(ResourceInUse|ResourceConflict|DeleteConflict|ConcurrentModification|OperationAborted|BucketNotEmpty)(Exception)?$/;
// What was accepted has so long to take effect before it is asked for again.
const effectMs = 5_000;

/**
 * Removes a resource and waits until nothing of it is left. What is gone already counts as removed.
 * @param what completes the sentence "waiting for … to be gone".
 * @throws {ApiError} what AWS said last, when its time never came.
 * @throws {WaitTimeout} when all was accepted, and something is there still.
 */
export async function removed(removal: Removal, what: string, context: { readonly aws: Aws; readonly wait: Wait }): Promise<void> {
  const gone = `${what} to be gone`;
  let refusal: ApiError | undefined;
  try {
    await context.wait({ what: gone, timeoutMs: removal.timeoutMs }, async () => {
      refusal = await refused(removal, context.aws);
      if (refusal !== undefined) return undefined;
      return inTime(
        context.wait({ what: gone, timeoutMs: effectMs }, async () => ((await isLeft(removal, context.aws)) ? undefined : true)),
      );
    });
  } catch (error) {
    if (error instanceof WaitTimeout) throw refusal ?? error;
    // Whoever lost the answers may have got what was asked for.
    if (await isLeft(removal, context.aws).catch(() => true)) throw error;
  }
}

/** Whether anything of a resource is there. */
export async function isLeft({ left }: Removal, aws: Aws): Promise<boolean> {
  return (await allFound(aws, left)).length > 0;
}

/** Makes the calls. @returns what AWS says to one for which it is not the time; the ones after it were not made then. */
async function refused({ calls }: Removal, aws: Aws): Promise<ApiError | undefined> {
  try {
    for (const { each, call } of calls) {
      const items = each === undefined ? [''] : await allFound(aws, each);
      for (const item of items) await orAbsent(aws.call(call(String(item))));
    }
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && busyCodes.test(error.code)) return error;
    throw error;
  }
}
