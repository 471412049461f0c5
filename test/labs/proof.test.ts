import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageLabs } from '../../src/runner/library.ts';
import { hasBoto3, needs } from '../support/programs.ts';
import { failures, planFile, proveLab } from '../support/proof-bench.ts';

/** Every lab, and one whose functions are written in several languages in each of them. */
const labs = (
  await Promise.all(
    readdirSync(packageLabs)
      .filter((file) => file.endsWith('.md'))
      .map(async (file) => {
        const { lab } = await planFile(join(packageLabs, file));
        return Object.hasOwn(lab.vars, 'language') ? ['node', 'python'].map((language) => ({ file, language })) : [{ file }];
      }),
  )
).flat();

const named = labs.map(({ file, language }: { readonly file: string; readonly language?: string }) => {
  const skipped = language === 'python' && !hasBoto3;
  const name = `${file}${language === undefined ? '' : ` in ${language}`}${needs('python3 with boto3', !skipped)}`;
  return { file, name, skipped, set: language === undefined ? {} : { language } };
});

describe.each(named)('$name', ({ file, set, skipped }) => {
  it.skipIf(skipped)(
    'is proved: red, green, as it says, again without a write, read-only, taken down, red; and its checks notice every mistake',
    async () => {
      const { result, bugs } = await proveLab(await planFile(join(packageLabs, file), { set }));
      expect(failures(result)).toEqual([]);
      expect(result.outcome).toBe('proved');
      expect(result.mutations.length).toBeGreaterThan(0);
      expect(bugs).toEqual([]);
    },
    240_000,
  );
});
