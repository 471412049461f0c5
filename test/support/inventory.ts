import type { Aws } from '../../src/aws/aws.ts';
import { allFound } from '../../src/aws/query.ts';
import { resourceKinds } from '../../src/runner/clean.ts';
import { stepKinds } from '../../src/steps/registry.ts';

/** Everything that exists now of what steps can create, one line each: `stream orders`. */
export async function inventory(aws: Aws): Promise<readonly string[]> {
  const kinds = [...(await resourceKinds(stepKinds)).values()];
  const found = await Promise.all(
    kinds.map(async ({ noun, all }) => (all === undefined ? [] : await allFound(aws, all)).map((name) => `${noun} ${name}`)),
  );
  return found.flat();
}
