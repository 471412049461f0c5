import type { ApiCall } from './api-call.ts';
import type { Aws } from './aws.ts';

/**
 * The pages of an answer, one call each, until AWS says that there are no more. `token` names the member of the request
 * that asks for the next page, and the member of the answer that holds what to ask with.
 */
export async function* pages<Output>(
  aws: Aws,
  call: ApiCall<Output>,
  token: { readonly request: string; readonly answer: keyof Output },
): AsyncGenerator<Output> {
  let next: unknown;
  do {
    const answer = await aws.call(next ? { ...call, input: { ...call.input, [token.request]: next } } : call);
    yield answer;
    next = answer[token.answer];
  } while (next);
}
