import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ZippedFolder } from '../aws/zipped-folder.ts';
import { isMapping } from '../util/json.ts';
import type { Path, StepBlock } from './lab.ts';
import type { PlanValues } from './plan.ts';
import { fillData, lookupIn } from './reference.ts';

/** A file or folder that an input of a step names. */
export interface StepAsset {
  /** Of the input. */
  readonly path: Path;
  readonly type: 'file' | 'folder';
  readonly absolute: string;
}

/**
 * A digest of what a step does: its kind, its inputs with the values of variables and names, and the files that they point
 * to. What only a run can know stands in it as the reference that it is, so that it is the same in every run; where the lab
 * lies, how its YAML is written, and what is said about the step make no difference.
 */
export async function stepContent(
  { uses, with: inputs }: Pick<StepBlock, 'uses' | 'with'>,
  values: PlanValues,
  assets: readonly StepAsset[],
): Promise<string> {
  const files = await Promise.all(assets.map(async (asset) => [asset.path.join('.'), await assetContent(asset)] as const));
  return digest(JSON.stringify([uses, sorted(fillData(inputs, lookupIn(values))), ...files]));
}

async function assetContent({ type, absolute }: StepAsset): Promise<unknown> {
  try {
    if (type === 'file') return digest(await readFile(absolute));
    const files = await new ZippedFolder(absolute).files();
    return files.map(({ name, data, executable }) => [name, executable, digest(data)]);
  } catch {
    // What is wrong with it is for the step to say, which needs it.
    return null;
  }
}

function digest(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 32);
}

/** Plain data with the keys of every mapping in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
