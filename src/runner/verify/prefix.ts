import type { ResourceContext, ResourceKind } from '../../steps/resource.ts';
import { findLeftovers } from '../leftovers.ts';
import type { Plan } from '../plan.ts';
import type { Foreseen } from '../preflight/planned-calls.ts';

/**
 * What stands in front of the names of what runs of a lab have made in an account, by their tags: of the run that has begun last.
 * @param steps with the names that the lab has by itself.
 * @returns `undefined` where nothing carries the tags of the lab and ends in such a name.
 */
export async function taggedPrefix(
  { lab }: Plan,
  steps: readonly Foreseen[],
  resources: ReadonlyMap<string, ResourceKind>,
  context: ResourceContext,
): Promise<string | undefined> {
  const refs = steps.flatMap(({ certain }) => certain);
  const types = new Map([...resources].filter(([type]) => refs.some((ref) => ref.type === type)));
  const { found } = await findLeftovers(types, context);
  const prefixes = found
    .filter(({ tags }) => tags.lab === lab.id)
    .sort((one, other) => other.tags.created.localeCompare(one.tags.created))
    .flatMap(({ ref }) => {
      const own = refs.find(({ type, id }) => type === ref.type && ref.id.endsWith(id) && ref.id !== id);
      return own === undefined ? [] : [ref.id.slice(0, -own.id.length)];
    });
  return prefixes[0];
}
