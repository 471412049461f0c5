import { UserError } from '../util/user-error.ts';
import { AnswerOf, type ApiCall } from './api-call.ts';
import { queried } from './query.ts';

/**
 * The same call with what other calls answered in place of every `AnswerOf`. `ask` makes those calls.
 * @throws {UserError} when an answer does not hold what is needed.
 */
export async function withAnswers<Output>(call: ApiCall<Output>, ask: (needed: ApiCall) => Promise<unknown>): Promise<ApiCall<Output>> {
  const members = Object.entries(call.input);
  if (!members.some(([, value]) => value instanceof AnswerOf)) return call;
  const input: Record<string, unknown> = {};
  for (const [member, value] of members) input[member] = value instanceof AnswerOf ? await found(value, ask) : value;
  return { ...call, input };
}

async function found({ call, query }: AnswerOf, ask: (needed: ApiCall) => Promise<unknown>): Promise<string> {
  const value = await queried(await ask(call), query);
  if (typeof value === 'string') return value;
  throw new UserError(`The answer to ${call.service}:${call.operation} holds no ${query}.`);
}
