import { isDeepStrictEqual } from 'node:util';
import { type ApiCall, isReadOnly } from '../aws/api-call.ts';
import type { Aws } from '../aws/aws.ts';
import { queried } from '../aws/query.ts';
import type { Step } from '../steps/step.ts';
import type { Json } from '../util/json.ts';

/**
 * What AWS answered while one step ran, so that nothing is asked twice. Answers to writes are good for as long as the step
 * runs; answers to reads only since the last `freshReads`, because what the step does changes them.
 */
export class Answers {
  readonly #answers: { readonly call: ApiCall; readonly answer: unknown }[] = [];
  #fresh = 0;

  add(call: ApiCall, answer: unknown): void {
    this.#answers.push({ call, answer });
  }

  /** Whether a write was answered. */
  get wrote(): boolean {
    return this.#answers.some(({ call }) => !isReadOnly(call));
  }

  /** From now on, only reads that are made from now on count. */
  freshReads(): void {
    this.#fresh = this.#answers.length;
  }

  /** The last answer to a call with this very input that is known. */
  known(call: ApiCall): { readonly answer: unknown } | undefined {
    const reads = isReadOnly(call);
    return this.#answers.findLast(
      (each, index) =>
        each.call.service === call.service &&
        each.call.operation === call.operation &&
        (!reads || index >= this.#fresh) &&
        isDeepStrictEqual(each.call.input, call.input),
    );
  }

  /**
   * The last answer to a call with this very input: the one that is known, or else asked for, which only a read can be.
   * `undefined` for a write that this step did not make.
   */
  async of(call: ApiCall, aws: Aws): Promise<{ readonly answer: unknown } | undefined> {
    const known = this.known(call);
    if (known || !isReadOnly(call)) return known;
    return { answer: await aws.call(call) };
  }
}

/**
 * The outputs of a step, by name: JMESPath over the answers to the calls that it declares. Those whose call was not made
 * are left out; a reference to one of them says so when the step that wants it is bound.
 */
export async function outputsOf(step: Step, answers: Answers, aws: Aws): Promise<Readonly<Record<string, Json>>> {
  const names = Object.keys(step.outputs);
  if (names.length === 0) return {};
  const values: Record<string, Json> = {};
  for (const [name, source] of Object.entries(step.outputs)) {
    const known = await answers.of(source.call, aws);
    if (known === undefined) continue;
    const value = await queried(known.answer, source.query);
    if (value !== null) values[name] = value;
  }
  return values;
}
