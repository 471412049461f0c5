import { readFile } from 'node:fs/promises';
import { type ServiceName, sdk } from '../util/sdk.ts';
import { type ShapeTable, shapesIn } from './protocols/shape-table.ts';

/**
 * The shapes of a service, under the names that its SDK package exports them: from the table that the build has written, or
 * from the package itself where nothing was built.
 */
export async function loadShapes(service: ServiceName): Promise<object> {
  const table = await readFile(new URL(`shapes/${service}.json`, import.meta.url), 'utf8').catch(missing);
  return table === undefined ? sdk[service].load() : shapesIn(JSON.parse(table) as ShapeTable);
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
