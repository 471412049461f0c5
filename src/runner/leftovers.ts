import { ApiError } from '../aws/aws.ts';
import { allFound } from '../aws/query.ts';
import { type RunTags, runTagsOf } from '../aws/tags.ts';
import type { ResourceContext, ResourceKind, ResourceRef } from '../steps/resource.ts';
import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';
import { refKey } from './ledger.ts';

/** A resource that carries the tags of a run, or that hangs on one which does. */
export interface Leftover {
  readonly ref: ResourceRef;
  readonly tags: RunTags;
}

export interface Unseen {
  readonly noun: string;
  readonly count: number;
  readonly why: string;
}

export interface Leftovers {
  /** In the order in which they were created, as far as that follows from what they are: removal goes backwards. */
  readonly found: readonly Leftover[];
  /** What could not be looked at: how many reads of a type were refused, and what AWS said to the first. */
  readonly unseen: readonly Unseen[];
}

/**
 * What is removed later stands on what is removed earlier; types of the same rank know nothing of each other. A function
 * stands before its log group, which it can bring back.
 */
const creationOrder: readonly string[] = [
  'iam:role',
  'kinesis:stream',
  's3:bucket',
  'sqs:queue',
  'logs:group',
  'lambda:function',
  'firehose:delivery-stream',
  'events:rule',
  'lambda:permission',
  'lambda:event-source-mapping',
];

// Reads at a time, of each type.
const atOnce = 8;

/**
 * Finds by their tags what runs have created in an account and region, of every type that can be listed. What carries no
 * tags is found by its neighbours: what a tagged resource brings about (the log group of a function), and what is of no
 * use without one (a mapping that the learner has made by hand). Everything else is left alone.
 */
export async function findLeftovers(kinds: ReadonlyMap<string, ResourceKind>, context: ResourceContext): Promise<Leftovers> {
  const unseen = new Map<string, Unseen>();
  const look = async <T>(kind: ResourceKind, reading: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await reading;
    } catch (error) {
      const why = refusal(error);
      const { noun } = kind;
      const before = unseen.get(noun);
      unseen.set(noun, { noun, count: (before?.count ?? 0) + 1, why: before?.why ?? why });
      return otherwise;
    }
  };
  const listed = await Promise.all(
    [...kinds.values()].map(async (kind) => {
      const ids = kind.all === undefined ? [] : (await look(kind, allFound(context.aws, kind.all), [])).map(String);
      const each = await inTurns(ids, async (id) => ({ kind, id, tags: await look(kind, tagsOf(kind, id, context), undefined) }));
      return each;
    }),
  );
  const resources = listed.flat();
  const found = new Map<string, Leftover>();
  const add = (ref: ResourceRef, tags: RunTags): void => {
    if (!found.has(refKey(ref))) found.set(refKey(ref), { ref, tags });
  };
  for (const { kind, id, tags } of resources) if (tags?.kind === 'run') add({ type: kind.type, id }, tags.run);
  const tagged = [...found.values()];
  for (const { ref, tags } of tagged) {
    const kind = kinds.get(ref.type);
    if (kind?.brings === undefined) continue;
    for (const brought of await look(kind, kind.brings(ref.id, context), [])) {
      const known = resources.find(({ kind: { type }, id }) => type === brought.type && id === brought.id);
      // What somebody has tagged is theirs.
      if (known?.tags !== undefined && known.tags.kind !== 'none') continue;
      const its = kinds.get(brought.type);
      if (its !== undefined && (await look(its, its.exists(brought.id, context), false))) add(brought, tags);
    }
  }
  for (const { kind, id, tags } of resources) {
    if (tags?.kind !== 'none') continue;
    const needed = kind.needs?.(id).map((ref) => found.get(refKey(ref)));
    const neighbour = needed?.find((each) => each !== undefined);
    if (neighbour !== undefined) add({ type: kind.type, id }, neighbour.tags);
  }
  return { found: [...found.values()].sort((one, other) => rank(one) - rank(other)), unseen: [...unseen.values()] };
}

type Tags = { readonly kind: 'none' | 'others' } | { readonly kind: 'run'; readonly run: RunTags };

/** The tags of one resource, as far as they matter. */
export async function tagsOf(kind: ResourceKind, id: string, { aws }: ResourceContext): Promise<Tags | undefined> {
  if (kind.tags === undefined) return undefined;
  const { run, count } = runTagsOf(await allFound(aws, kind.tags(id)));
  if (run !== undefined) return { kind: 'run', run };
  return { kind: count === 0 ? 'none' : 'others' };
}

function rank({ ref }: Leftover): number {
  return creationOrder.indexOf(ref.type);
}

/** What AWS says to a read that it refuses. @throws whatever else it is. */
function refusal(error: unknown): string {
  if (error instanceof ApiError) return `${error.code}: ${error.message}`;
  // Between the list and the look, it has gone.
  if (error instanceof UserError && error.exitCode === ExitCode.usage) return error.message;
  throw error;
}

async function inTurns<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<readonly Out[]> {
  const done: Out[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    done.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return done;
}
