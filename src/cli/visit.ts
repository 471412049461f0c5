import { type AwsSession, openSession } from '../aws/session.ts';
import { createWait } from '../aws/wait.ts';
import type { ResourceContext } from '../steps/resource.ts';
import type { OpenTarget } from './target.ts';

/** Looks around on a target, outside of any run: the session refuses every write, and is closed in the end. */
export async function visit<T>(
  { target, clock }: Pick<OpenTarget, 'target' | 'clock'>,
  work: (context: ResourceContext & { readonly aws: AwsSession }) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const wait = createWait({ clock, ...(signal === undefined ? {} : { signal }) });
  const aws = openSession({ target, readOnly: true, clock, wait, ...(signal === undefined ? {} : { signal }) });
  try {
    return await work({ aws, wait });
  } finally {
    aws.destroy();
  }
}
