import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockHolder, lockRun } from '../../src/runner/lock.ts';

const run = { lab: { id: '01', file: 'x.md' }, target: { label: 'aws', region: 'us-east-1', account: '123456789012' }, prefix: '' };

function folder() {
  return { path: mkdtempSync(join(tmpdir(), 'kinesis-labs-test-')) };
}

describe('the lock of a lab on a target', () => {
  it('lets one process in, and the next one when it is released', () => {
    const state = folder();
    const lock = lockRun(state, run);
    expect(() => lockRun(state, run)).toThrow(`Process ${process.pid} is running lab 01 on aws at the moment.`);
    expect(lockHolder(state, run)).toBe(process.pid);
    lock.release();
    expect(lockHolder(state, run)).toBeUndefined();
    lockRun(state, run).release();
  });

  it('does not keep other labs, accounts, regions and prefixes out', () => {
    const state = folder();
    lockRun(state, run);
    lockRun(state, { ...run, lab: { id: '02', file: 'x.md' } });
    lockRun(state, { ...run, target: { ...run.target, account: '210987654321' } });
    lockRun(state, { ...run, target: { ...run.target, region: 'eu-central-1' } });
    lockRun(state, { ...run, prefix: 'ada-' });
    expect(readdirSync(join(state.path, 'locks'))).toHaveLength(5);
  });

  it.each(['4194305\n', '', 'nonsense'])('is taken over when the process that held it no longer runs: %j', (content) => {
    const state = folder();
    lockRun(state, run).release();
    lockRun(state, run);
    const [name = ''] = readdirSync(join(state.path, 'locks'));
    writeFileSync(join(state.path, 'locks', name), content);
    expect(lockHolder(state, run)).toBeUndefined();
    lockRun(state, run);
    expect(lockHolder(state, run)).toBe(process.pid);
    expect(readdirSync(join(state.path, 'locks'))).toEqual([name]);
  });

  it('is not needed on a target that ends with its process', () => {
    const state = folder();
    const embedded = { ...run, target: { ...run.target, endsWithProcess: process.pid } };
    lockRun(state, embedded);
    lockRun(state, embedded);
  });
});
