import { allFound } from '../../dist/aws/query.js';
import { resourceKinds } from '../../dist/runner/clean.js';
import { stepKinds } from '../../dist/steps/registry.js';

/** Everything that exists of what steps can create. @returns {Promise<readonly { noun: string, id: string }[]>} */
export async function inventory(aws) {
  const kinds = [...(await resourceKinds(stepKinds)).values()];
  const found = await Promise.all(
    kinds.map(async ({ noun, all }) => (all === undefined ? [] : await allFound(aws, all)).map((id) => ({ noun, id }))),
  );
  return found.flat();
}

/** `stream orders`. */
export function named({ noun, id }) {
  return `${noun} ${id}`;
}
