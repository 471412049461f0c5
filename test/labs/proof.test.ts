import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageLabs } from '../../src/runner/library.ts';
import { type ProofEvent, stageTitles } from '../../src/runner/proof/proof.ts';
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
    'is red, green, as it says, again without a write, read-only, taken down, and red',
    async () => {
      const enough = new AbortController();
      // The mistakes are tried one by one by `test --prove`, which CI runs on every lab after the tests.
      const report = ({ type }: ProofEvent): void => {
        if (type === 'mutations-started') enough.abort();
      };
      const plan = await planFile(join(packageLabs, file), { set });
      const { result, events, bugs } = await proveLab(plan, { signal: enough.signal, report });
      expect(failures(result)).toEqual([]);
      expect(result.stages.map(({ outcome }) => outcome)).toEqual(Object.keys(stageTitles).map(() => 'held'));
      expect(events.find(({ type }) => type === 'mutations-started')).toMatchObject({ count: expect.any(Number) });
      expect(bugs).toEqual([]);
    },
    240_000,
  );
});
