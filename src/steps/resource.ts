import type { Aws } from '../aws/aws.ts';
import type { Query } from '../aws/query.ts';
import type { Wait } from '../aws/wait.ts';
import { isLeft, type Removal, removed } from './removal.ts';

/** What resources are looked for and removed with. */
export interface ResourceContext {
  readonly aws: Aws;
  readonly wait: Wait;
}

/** A resource that a step creates, by an identity that is known before the call that creates it. */
export interface ResourceRef {
  /** The `type` of a `ResourceKind`: `kinesis:stream`. */
  readonly type: string;
  /** Unique for the type in one account and region; a name, or names joined by spaces. */
  readonly id: string;
}

/** How one type of resource is found and removed, from its identity alone (a ledger has nothing else). */
export interface ResourceKind {
  /** `kinesis:stream`. */
  readonly type: string;
  /** For people: `stream`. */
  readonly noun: string;
  exists(id: string, context: ResourceContext): Promise<boolean>;
  /** How it is removed. */
  removal(id: string): Removal;
  /** Removes it in that way and waits until it is gone. What is gone already counts as removed. */
  remove(id: string, context: ResourceContext): Promise<void>;
  /** Finds all that there are in the account and region; so what no step said that it owned is found, too. */
  readonly all?: Query;
  /** Finds the tags of one. Absent for what cannot carry any, or is brought about untagged; a neighbour of it leads to those. */
  tags?(id: string): Query;
  /** What one of this type cannot have been made for, and is of no use without: the function and the stream of a mapping. */
  needs?(id: string): readonly ResourceRef[];
  /** What comes about with one of this type and carries no tags: the log group of a function. */
  brings?(id: string, context: ResourceContext): Promise<readonly ResourceRef[]>;
  /** Completes "A lab need not look at it, because …" for what comes about by itself; without it, checks have to notice its removal. */
  readonly incidental?: string;
  /** Set for what shows, when all else is gone, that a lab was done: a sentence that says so, and what it costs to keep it. */
  readonly evidence?: string;
  /** US dollars per hour while it exists unused (us-east-1 list price, AWS list prices), and what is billed. Absent: nothing. */
  readonly cost?: { readonly perHour: number; readonly note: string };
}

/** A resource kind by how it is removed. `exists` is needed only where something may be left of what counts as gone. */
export function defineResource(definition: Omit<ResourceKind, 'exists' | 'remove'> & Partial<Pick<ResourceKind, 'exists'>>): ResourceKind {
  const { noun, removal } = definition;
  return {
    exists: (id, { aws }) => isLeft(removal(id), aws),
    remove: (id, context) => removed(removal(id), `the ${noun} ${id}`, context),
    ...definition,
  };
}
