import type { z } from 'zod';
import type { ApiCall } from '../aws/api-call.ts';
import type { OutputOf } from '../util/sdk.ts';
import type { Commands } from './command.ts';
import type { ResourceContext, ResourceKind, ResourceRef } from './resource.ts';

/** What a step is given to work with. */
export interface StepContext extends ResourceContext {
  /** Unique to this run; labs put it into records as `${{ learner.nonce }}`. */
  readonly nonce: string;
  /**
   * Notes that the effect of a write was found, although this program did not make the call (the learner did), together
   * with the answer that AWS must have given. Outputs that come from a write are taken from here.
   */
  found<Output>(call: ApiCall<Output>, answer: Output): void;
  /** Runs commands on this machine; absent where that was not allowed. */
  readonly commands?: Commands;
  /** What the learner answered to the question of the step; absent where nobody was asked. */
  readonly answer?: string;
  /** What was answered to this very call, or noted as its answer, since the step began; `undefined` when nothing was. */
  answered(call: ApiCall): unknown;
}

/** One thing that was looked at. `expected` and `observed` are phrases that can stand behind "expected:" and "observed:". */
export interface Finding {
  /** What was looked at: `shard count of lambda-cli-stream`. */
  readonly fact: string;
  readonly expected: string;
  readonly observed: string;
  readonly ok: boolean;
  /** Likely cause and what to do next, when not ok. */
  readonly hint?: string;
  /** Set where there is nothing that could be looked at: not a thing that is wrong, but none at all. */
  readonly absent?: true;
}

/** Something that is wrong with an input although its schema takes it. */
export interface Flaw {
  /** From the root of the input. */
  readonly path: readonly (string | number)[];
  /** Whether the key itself is the problem. Default: its value. */
  readonly about?: 'key' | 'value';
  /** A sentence that says what was seen. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
}

/** What the learner is asked where a step is done by answering. */
export interface Question {
  /** Markdown. */
  readonly text: string;
  /** To choose from; without them an answer is typed. */
  readonly options?: readonly string[];
  /** Markdown, for when the answer is known. */
  readonly explanation?: string;
}

/** One way in which what a step makes can be wrong. A lab is proved by making it so and looking whether its checks notice. */
export interface Mutation {
  /** What is wrong then: `the policy AWSLambdaKinesisExecutionRole is detached from lambda-cli-role`. The same in every run. */
  readonly name: string;
  /**
   * `afterwards`: done to what stands when the whole lab is done. `instead`: done in place of the step, as by a learner who
   * does it wrongly, so that all later steps build on it.
   */
  readonly when: 'afterwards' | 'instead';
  /** Set where doing the step again cannot make it right: tried last, because a new lab is needed then. */
  readonly lasting?: boolean;
  /** Makes it so, and waits until it has taken effect. */
  apply(context: StepContext): Promise<void>;
}

/** Where the value of an output comes from: which call, and the JMESPath into its answer. */
interface OutputSource<Input> {
  /** What it is, in a few words, for the documentation. */
  readonly what: string;
  /** Stands in for the value when a lab is checked without being run. */
  readonly example: string;
  /** A read, or one of the writes that `explain` lists. */
  call(input: Input): ApiCall;
  readonly query: string;
  readonly inText?: InText;
}

/** Where a value stands inside of a text of AWS's own answer, which JMESPath cannot take apart: for shells. */
export interface InText {
  /** JMESPath to the text. */
  readonly query: string;
  /** Basic regular expression that matches the whole text, with the value as its one group. */
  readonly pattern: string;
}

/** A record by which it can be seen whether what a step has made works at this moment, by whoever may put one. */
export interface Probe {
  /** The one write that it takes. */
  readonly put: ApiCall<OutputOf<'kinesis', 'PutRecord'>>;
  /** The log group that shows it, and what that shows then. */
  readonly group: string;
  readonly text: string;
  /** Milliseconds until it has to be shown. */
  readonly withinMs: number;
  /** What keeps the record from being read, so that putting it would tell no more; `undefined` where nothing does. Reads only. */
  obstacle(context: ResourceContext): Promise<Finding | undefined>;
}

/** Something that a step waits for, as data: what the exported script waits for as well. */
export interface Awaited {
  /** Completes the sentence "waiting for …". */
  readonly what: string;
  /** A read. */
  readonly call: ApiCall;
  /** JMESPath into its answer, all pages together; it finds `true` when the wait is over. */
  readonly query: string;
  /** The operation of `explain` after which it is waited for. Default: the last one that writes. */
  readonly after?: string;
  /** Milliseconds that it may take. With several, the writes of the step are made again after each but the last. */
  readonly withinMs: readonly number[];
}

/** What stands for a step, that is not done by API calls, where its lines would be. */
export interface Instead {
  /** Commands of a shell; none, when nothing is to be done. What only a run knows stands between double quotes. */
  readonly shell: readonly string[];
  readonly markdown: string;
}

/** The contract of a step kind: one plain object in one file, whose path under `src/steps` is its name in `uses:`. */
export interface StepDefinition<Schema extends z.ZodObject, OutputName extends string = string> {
  /** One sentence: what the step does. */
  readonly summary: string;
  /** The `with:` of a step. Keys in kebab-case, each with a `.describe()`. */
  readonly input: Schema;
  readonly outputs: Readonly<Record<OutputName, OutputSource<z.output<Schema>>>>;
  /** Inputs that the documentation shows and the conformance test runs. */
  readonly examples: readonly z.input<Schema>[];
  /** What is wrong with the files that the input names, before anything is done. Asks only this machine, and runs none of them. */
  flaws?(input: z.output<Schema>): Promise<readonly Flaw[]>;
  /** The resources it may create; empty for steps that create none. */
  readonly resources: readonly ResourceKind[];
  /** Which ones, for this input; in the order of creation. Removal goes backwards. */
  owns(input: z.output<Schema>): readonly ResourceRef[];
  /** The calls that do the step from nothing, writes and the reads worth showing. Pure. */
  explain(input: z.output<Schema>): readonly ApiCall[];
  /** Reads that `apply` or `check` make besides those that are declared elsewhere, so that permissions can be looked at before. */
  reads?(input: z.output<Schema>): readonly ApiCall[];
  /** What `apply` or `check` waits for, between the writes and before the reads that `explain` ends with. */
  awaits?(input: z.output<Schema>): readonly Awaited[];
  /** For a step that is done by something else than API calls. */
  instead?(input: z.output<Schema>): Instead;
  /** The call whose answer the learner is shown, and an `output` block is compared with. */
  shows(input: z.output<Schema>): ApiCall | undefined;
  /** Observe, ensure, sync: makes only the writes that are still needed, and waits until they have taken effect. Safe to repeat. */
  apply(input: z.output<Schema>, context: StepContext): Promise<void>;
  /** Reads only. Waits, bounded, only where AWS itself takes time to show an effect. */
  check(input: z.output<Schema>, context: StepContext): Promise<readonly Finding[]>;
  /**
   * Looks for what can still be seen of it, in the logs, when all that the lab has made is gone but those. Reads only. Absent for a
   * kind that leaves nothing there; `undefined` for an input that does not.
   */
  remains?(input: z.output<Schema>): ((context: StepContext) => Promise<readonly Finding[]>) | undefined;
  /** How it can be seen whether what it has made works at this moment, where the page says with which record. */
  probe?(input: z.output<Schema>): Probe | undefined;
  /**
   * Whether AWS shows afterwards, to anybody, that the step was done; it does where this is left out. A step of which
   * nothing is left is done anew each time, and left out where a run only looks; a run that goes on takes it for done, as
   * long as all before it is found as it was.
   */
  leavesTrace?(input: z.output<Schema>): boolean;
  /** US dollars per hour of what the step makes, while it exists unused; that of its resource's `cost` where this is left out. */
  hourly?(input: z.output<Schema>): number;
  /** What the learner is asked, instead of doing something. The check judges the answer; without one it judges the page's own. */
  question?(input: z.output<Schema>): Question;
  /** What the step runs in a shell. */
  script?(input: z.output<Schema>): string;
  /** How it can be wrong, beside what is true of all kinds: that what it owns is taken away or, where it owns nothing, that it is never done. */
  mutations?(input: z.output<Schema>): readonly Mutation[];
  /** Completes "Nothing on AWS can make such a check fail, because …", for kinds of which that is true. */
  readonly cannotFail?: string;
}

/** A step kind together with one input: what the runner walks over. */
export interface Step {
  readonly outputs: Readonly<Record<string, { readonly call: ApiCall; readonly query: string; readonly inText?: InText }>>;
  flaws(): Promise<readonly Flaw[]>;
  owns(): readonly ResourceRef[];
  explain(): readonly ApiCall[];
  reads(): readonly ApiCall[];
  awaits(): readonly Awaited[];
  instead(): Instead | undefined;
  shows(): ApiCall | undefined;
  apply(context: StepContext): Promise<void>;
  check(context: StepContext): Promise<readonly Finding[]>;
  remains(): ((context: StepContext) => Promise<readonly Finding[]>) | undefined;
  probe(): Probe | undefined;
  leavesTrace(): boolean;
  hourly(): number | undefined;
  question(): Question | undefined;
  script(): string | undefined;
  mutations(): readonly Mutation[];
}

/** A step kind as the runner sees it: its input type is closed over. */
export interface StepKind {
  readonly summary: string;
  readonly input: z.ZodObject;
  readonly outputs: Readonly<Record<string, { readonly what: string; readonly example: string; readonly query: string }>>;
  readonly examples: readonly unknown[];
  readonly resources: readonly ResourceKind[];
  /** As in `StepDefinition`. */
  readonly cannotFail?: string;
  /** Binds an input. @throws {z.ZodError} when it does not fit the schema. */
  bind(input: unknown): Step;
}

/** Marks a string of the input as the path of a file or folder below the lab's `assets` folder; the plan makes it absolute. */
export const asset = {
  file: { asset: 'file' },
  folder: { asset: 'folder' },
} as const;

/** Marks a string of the input as a script for a shell: what earlier steps have found must not become part of it. */
export const script = { script: true } as const;

export function defineStep<Schema extends z.ZodObject, OutputName extends string>(
  definition: StepDefinition<Schema, OutputName>,
): StepKind {
  return {
    summary: definition.summary,
    input: definition.input,
    outputs: definition.outputs,
    examples: definition.examples,
    resources: definition.resources,
    ...(definition.cannotFail === undefined ? {} : { cannotFail: definition.cannotFail }),
    bind(raw) {
      const input = definition.input.parse(raw);
      return {
        outputs: Object.fromEntries(
          Object.entries<OutputSource<z.output<Schema>>>(definition.outputs).map(([name, source]) => [
            name,
            { call: source.call(input), query: source.query, ...(source.inText === undefined ? {} : { inText: source.inText }) },
          ]),
        ),
        flaws: async () => (await definition.flaws?.(input)) ?? [],
        owns: () => definition.owns(input),
        explain: () => definition.explain(input),
        reads: () => definition.reads?.(input) ?? [],
        awaits: () => definition.awaits?.(input) ?? [],
        instead: () => definition.instead?.(input),
        shows: () => definition.shows(input),
        apply: (context) => definition.apply(input, context),
        check: (context) => definition.check(input, context),
        remains: () => definition.remains?.(input),
        probe: () => definition.probe?.(input),
        leavesTrace: () => definition.leavesTrace?.(input) ?? true,
        hourly: () => definition.hourly?.(input),
        question: () => definition.question?.(input),
        script: () => definition.script?.(input),
        mutations: () => definition.mutations?.(input) ?? [],
      };
    },
  };
}
