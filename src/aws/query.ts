import { type Json, toJson } from '../util/json.ts';
import type { ApiCall } from './api-call.ts';
import { type Aws, orAbsent } from './aws.ts';
import { pages } from './pages.ts';

/** A read and the JMESPath into its answer, as data: what `aws … --query …` prints. */
export interface Query {
  readonly call: ApiCall;
  readonly query: string;
  /** Set where the answer comes in pages: the member of the request and of the answer that the next page is asked for with. */
  readonly pages?: { readonly request: string; readonly answer: string };
}

let jmespath: Promise<typeof import('@jmespath-community/jmespath')> | undefined;

/** What a JMESPath expression finds in an answer of the SDK; `null` for nothing. */
export async function queried(answer: unknown, query: string): Promise<Json> {
  jmespath ??= import('@jmespath-community/jmespath');
  const { search } = await jmespath;
  return toJson(search(toJson(answer) as Parameters<typeof search>[0], query));
}

/**
 * Everything that a query finds, over all pages: the elements of lists, and other values as they are. Nothing, when AWS
 * says that there is no such thing. `null`, `false` and empty texts are not found.
 */
export async function allFound(aws: Aws, { call, query, pages: token }: Query): Promise<readonly Json[]> {
  const found: Json[] = [];
  const read = async (): Promise<void> => {
    if (token === undefined) found.push(await queried(await aws.call(call), query));
    else
      for await (const page of pages(aws, call as ApiCall<Readonly<Record<string, unknown>>>, token))
        found.push(await queried(page, query));
  };
  await orAbsent(read());
  return found.flat().filter((each) => each !== null && each !== false && each !== '');
}

/** A text inside a JMESPath expression. */
export function queryText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
