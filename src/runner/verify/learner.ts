import { ApiError, orAbsent } from '../../aws/aws.ts';
import { allFound } from '../../aws/query.ts';
import { runTagsOf } from '../../aws/tags.ts';
import { positionAt, readOn, shardsOf } from '../../steps/kinesis/shard-reading.ts';
import { logEvents } from '../../steps/logs/log-events.ts';
import type { ResourceContext } from '../../steps/resource.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { UserError } from '../../util/user-error.ts';
import { resourceKind } from '../claim.ts';
import type { Plan } from '../plan.ts';
import type { Foreseen } from '../preflight/planned-calls.ts';
import { fillText, findReferences, lookupIn, stringsOf } from '../reference.ts';
import type { LearnerTrace } from './verification.ts';

// What a run makes up for itself, and when it began (ISO 8601).
const nonceForm = '[0-9a-f]{8}';
const startedForm = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

/**
 * Finds out which run a student has done, from what there is in the account: labs put what is unique to a run into names,
 * records and log lines, and what the program makes carries the run in its tags.
 * @param places the steps as they are named there.
 * @returns `undefined` where nothing tells, or nobody may look.
 */
export async function findLearner(plan: Plan, steps: readonly Foreseen[], context: ResourceContext): Promise<LearnerTrace | undefined> {
  const patterns = patternsOf(plan);
  return (await inTags(plan, steps, context)) ?? (patterns.length === 0 ? undefined : await inData(patterns, steps, context));
}

/** By the tags of the first resource that carries those of a run of this lab. */
async function inTags({ lab }: Plan, steps: readonly Foreseen[], { aws }: ResourceContext): Promise<LearnerTrace | undefined> {
  for (const { planned, certain } of steps) {
    for (const ref of certain) {
      const kind = resourceKind(planned, ref);
      // A mapping is called by an ARN, in which an account has a part; what it belongs to has tags as well.
      if (kind.tags === undefined || kind.type === 'logs:group' || ref.id.includes('arn:')) continue;
      const found = await orNothing(allFound(aws, kind.tags(ref.id)));
      const { run } = runTagsOf(found ?? []);
      if (run === undefined || run.lab !== lab.id) continue;
      const nonce = new RegExp(`-(${nonceForm})$`).exec(run.run)?.[1];
      if (nonce === undefined) continue;
      return {
        nonce,
        started: run.created,
        seenIn: `the tags of the ${kind.noun} ${ref.id}`,
        run: run.run,
        ...(run.by === undefined ? {} : { by: run.by }),
      };
    }
  }
  return undefined;
}

/** By what the logs and, where none tells, the streams hold; the last run that is seen there. */
async function inData(
  patterns: readonly RegExp[],
  steps: readonly Foreseen[],
  { aws }: ResourceContext,
): Promise<LearnerTrace | undefined> {
  const refs = steps.flatMap(({ certain }) => certain);
  const named = (type: string): readonly string[] => [...new Set(refs.filter((ref) => ref.type === type).map(({ id }) => id))];
  for (const group of named('logs:group')) {
    const events = (await orNothing(logEvents(aws, group))) ?? [];
    const trace = lastTrace(
      events.map(({ message = '' }) => message),
      patterns,
      `the log ${group}`,
    );
    if (trace !== undefined) return trace;
  }
  for (const stream of named('kinesis:stream')) {
    const texts: string[] = [];
    for (const { ShardId = '' } of (await orNothing(shardsOf(aws, stream))) ?? []) {
      const position = await orNothing(positionAt(aws, stream, ShardId, { ShardIteratorType: 'TRIM_HORIZON' }));
      if (position !== undefined) texts.push(...(await readOn(aws, position)).records.map(({ text }) => text));
    }
    const trace = lastTrace(texts, patterns, `the records of the stream ${stream}`);
    if (trace !== undefined) return trace;
  }
  return undefined;
}

function lastTrace(texts: readonly string[], patterns: readonly RegExp[], seenIn: string): LearnerTrace | undefined {
  for (const text of [...texts].reverse()) {
    const nonce = firstGroup(text, patterns, 'nonce');
    if (nonce === undefined) continue;
    const started = texts
      .filter((each) => each.includes(nonce))
      .map((each) => firstGroup(each, patterns, 'started'))
      .find((each) => each !== undefined);
    return { nonce, seenIn, ...(started === undefined ? {} : { started }) };
  }
  return undefined;
}

function firstGroup(text: string, patterns: readonly RegExp[], group: 'nonce' | 'started'): string | undefined {
  return patterns.map((pattern) => pattern.exec(text)?.groups?.[group]).find((found) => found !== undefined);
}

/** How texts look in which the lab's page puts what is unique to a run. */
function patternsOf({ steps, values }: Plan): readonly RegExp[] {
  const lookup = lookupIn(values);
  const sources = steps.flatMap(({ block }) =>
    [...stringsOf(block.with)].flatMap(({ text, path }) => {
      // What is unique in the record of a probe is not that of a run.
      if (path[0] === 'probe') return [];
      const filled = String(fillText(text, lookup));
      const found = findReferences(filled);
      // What is called by something that only a run can tell looks like anything.
      const own = found.every((each) => 'reference' in each && each.reference.kind === 'learner');
      if (found.length === 0 || !own) return [];
      const key = path.at(-1);
      const around = withoutReferences(filled);
      if (around.trim().length >= 3) return [expressionOf(filled)];
      // On its own it would be found in any text; as a member of JSON it has its name.
      return around === '' && typeof key === 'string' && block.uses.startsWith('kinesis/')
        ? [`"${literal(key)}":\\s*"${expressionOf(filled)}"`]
        : [];
    }),
  );
  return [...new Set(sources)].map((source) => new RegExp(source));
}

function withoutReferences(text: string): string {
  return findReferences(text).reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
}

/** A text as a regular expression, with a group for the first of each thing that is unique to a run. */
function expressionOf(text: string): string {
  const named = new Set<string>();
  let source = '';
  let from = 0;
  for (const found of findReferences(text)) {
    const name = 'reference' in found && found.reference.kind === 'learner' ? found.reference.name : 'nonce';
    const form = name === 'nonce' ? nonceForm : startedForm;
    source += literal(text.slice(from, found.start)) + (named.has(name) ? form : `(?<${name}>${form})`);
    named.add(name);
    from = found.end;
  }
  return source + literal(text.slice(from));
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** What is not there, or may not be looked at, tells nothing. */
async function orNothing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await orAbsent(read);
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined;
    // Where tags hang on what another call finds, and it finds nothing.
    if (error instanceof UserError && error.exitCode === ExitCode.usage) return undefined;
    throw error;
  }
}
