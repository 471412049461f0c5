import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockHolder, lockRun } from '../../src/runner/lock.ts';
import { identityOf } from '../../src/util/process-identity.ts';

const run = { lab: { id: '01', file: 'x.md' }, target: { label: 'aws', region: 'us-east-1', account: '123456789012' }, prefix: '' };

function folder() {
  return { path: mkdtempSync(join(tmpdir(), 'kinesis-labs-test-')) };
}

/** A state folder in which there is a lock that says something else than what this program wrote. */
function folderWithLock(content: string) {
  const state = folder();
  lockRun(state, run);
  const [name = ''] = readdirSync(join(state.path, 'locks'));
  const file = join(state.path, 'locks', name);
  writeFileSync(file, content);
  return { state, file };
}

describe('the lock of a lab on a target', () => {
  it('lets one process in, and the next one when it is released', () => {
    const state = folder();
    const lock = lockRun(state, run);
    expect(() => lockRun(state, run)).toThrow(`Process ${process.pid} is running lab 01 on aws at the moment.`);
    expect(lockHolder(state, run)).toEqual({ ...identityOf(process.pid), host: hostname() });
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

  it.each([
    ['is of a process that no longer runs', JSON.stringify({ pid: 4194305, host: hostname() })],
    ['is of an earlier process with the id of one that runs now', JSON.stringify({ pid: process.pid, began: 'earlier', host: hostname() })],
    ['is empty', ''],
    ['is not JSON', 'nonsense'],
    ['holds no process id', '{"pid":"1","host":"x"}'],
    ['is a number', '4194305'],
  ])('is taken over when it %s', (_why, content) => {
    const { state, file } = folderWithLock(content);
    expect(lockHolder(state, run)).toBeUndefined();
    lockRun(state, run);
    expect(lockHolder(state, run)?.pid).toBe(process.pid);
    expect(readdirSync(join(state.path, 'locks'))).toHaveLength(1);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('counts when it is of another machine, whose processes cannot be seen; then it says which, and what to delete', () => {
    const { state, file } = folderWithLock(JSON.stringify({ pid: 4194305, host: 'elsewhere' }));
    expect(() => lockRun(state, run)).toThrow(
      expect.objectContaining({
        message: 'Process 4194305 on elsewhere is running lab 01 on aws at the moment.',
        hint: expect.stringContaining(`If elsewhere is gone, delete ${file}.`),
      }),
    );
  });

  it('is released only by the process that holds it', () => {
    const state = folder();
    const lock = lockRun(state, run);
    const [name = ''] = readdirSync(join(state.path, 'locks'));
    writeFileSync(join(state.path, 'locks', name), JSON.stringify({ pid: 1, host: hostname() }));
    lock.release();
    expect(readdirSync(join(state.path, 'locks'))).toEqual([name]);
  });

  it('is that of the run where everything ends with the process: whatever the address there, one process goes on with it', () => {
    const state = folder();
    const embedded = (pid: number, endpoint: string) => ({
      ...run,
      target: { ...run.target, label: 'sandbox', endpoint, endsWithProcess: { pid } },
    });
    const lock = lockRun(state, embedded(process.pid, 'http://127.0.0.1:1'));
    expect(() => lockRun(state, embedded(1, 'http://127.0.0.1:2'))).toThrow('is running lab 01 on sandbox at the moment.');
    lock.release();
    lockRun(state, embedded(1, 'http://127.0.0.1:2')).release();
  });

  it('says in plain words that it cannot be written', () => {
    const state = folder();
    writeFileSync(join(state.path, 'locks'), '');
    expect(() => lockRun(state, run)).toThrow('a part of its path is not a folder');
  });
});
