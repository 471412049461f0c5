import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { z } from 'zod';
import { didYouMean } from '../util/closest.ts';
import { isMapping, shown } from '../util/json.ts';
import { listed } from '../util/text.ts';
import { bare, childSchema } from './input-schema.ts';
import type { Path } from './lab.ts';

/** A string of the inputs that names a file or folder below the lab's `assets` folder. */
export interface AssetInput {
  readonly path: Path;
  readonly type: 'file' | 'folder';
  readonly value: string;
}

/** Finds the inputs that a schema marks with `asset.file` or `asset.folder`, those that have their default included. */
export function* assetInputs(schema: z.core.$ZodType, value: unknown, path: Path = []): Generator<AssetInput> {
  const { schema: inner, meta, byDefault } = bare(schema);
  const here = value === undefined ? byDefault : value;
  const type = meta['asset'];
  if ((type === 'file' || type === 'folder') && typeof here === 'string') yield { path, type, value: here };
  if (Array.isArray(here)) {
    const element = childSchema(inner, 0);
    if (element !== undefined) for (const [index, member] of here.entries()) yield* assetInputs(element, member, [...path, index]);
  } else if (inner._zod.def.type === 'object' && isMapping(here)) {
    for (const [key, child] of Object.entries(inner._zod.def.shape)) {
      yield* assetInputs(child, Object.hasOwn(here, key) ? here[key] : undefined, [...path, key]);
    }
  } else if (isMapping(here)) {
    const member = childSchema(inner, '');
    if (member !== undefined) for (const [key, child] of Object.entries(here)) yield* assetInputs(member, child, [...path, key]);
  }
}

export type FoundAsset = { readonly absolute: string } | { readonly message: string; readonly hint?: string };

/**
 * Looks an asset up below `folder`. It must exist, be of its type, and neither its path nor a symbolic link may lead out
 * of the folder.
 */
export async function findAsset(folder: string, { type, value }: Pick<AssetInput, 'type' | 'value'>): Promise<FoundAsset> {
  const inside = `Give a path below ${folder}, such as handlers/logger.`;
  if (value.trim() === '' || value.includes('\0')) return { message: `${shown(value)} is no path.`, hint: inside };
  if (isAbsolute(value) || /^[A-Za-z]:|\\|^~/.test(value) || value.split('/').includes('..')) {
    return { message: `The path ${shown(value)} leads out of the assets folder.`, hint: inside };
  }
  const path = join(folder, value);
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return { message: `There is no ${type} ${shown(value)} in ${folder}.`, hint: await suggestion(folder, value) };
  const fromRoot = relative(await realpath(folder), real);
  if (fromRoot === '..' || fromRoot.startsWith(`..${sep}`) || isAbsolute(fromRoot)) {
    return { message: `${shown(value)} is a link that leads out of the assets folder.`, hint: 'Put a copy of what it points to there.' };
  }
  const found = await stat(real);
  if (type === 'file' ? !found.isFile() : !found.isDirectory()) {
    return {
      message: `${shown(value)} is ${found.isDirectory() ? 'a folder' : 'not a folder'}, and a ${type} is needed here.`,
      hint: inside,
    };
  }
  return { absolute: path };
}

/** What lies beside the path that does not exist. */
async function suggestion(folder: string, value: string): Promise<string> {
  const parent = dirname(value);
  const siblings = await readdir(join(folder, parent)).catch(() => undefined);
  if (siblings === undefined) return 'Nor is there the folder that it would be in.';
  const paths = siblings.map((name) => (parent === '.' ? name : `${parent}/${name}`));
  return didYouMean(value, paths) ?? (paths.length === 0 ? 'That folder is empty.' : `There are: ${listed(paths)}.`);
}
