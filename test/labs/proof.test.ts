import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageLabs } from '../../src/runner/library.ts';
import { failures, planFile, proveLab } from '../support/proof-bench.ts';

const labs = readdirSync(packageLabs).filter((file) => file.endsWith('.md'));

describe.each(labs)('%s', (file) => {
  it('is proved: red, green, as it says, again without a write, read-only, taken down, red; and its checks notice every mistake', async () => {
    const { result, bugs } = await proveLab(await planFile(join(packageLabs, file)));
    expect(failures(result)).toEqual([]);
    expect(result.outcome).toBe('proved');
    expect(result.mutations.length).toBeGreaterThan(0);
    expect(bugs).toEqual([]);
  }, 240_000);
});
