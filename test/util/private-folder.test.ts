import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PrivateFolder } from '../../src/util/private-folder.ts';
import { until } from '../support/processes.ts';

interface Owner {
  readonly process: { readonly pid: number; readonly began?: string };
  readonly space: string;
}

describe('a private folder', () => {
  it('is closed to other users, lies among the temporary files, and is gone with all that is in it when it is closed', async () => {
    const folder = await PrivateFolder.create();
    const root = dirname(folder.path);
    expect(dirname(root)).toBe(realpathSync(tmpdir()));
    expect(statSync(root).mode & 0o777).toBe(0o700);
    mkdirSync(join(folder.path, 'a'));
    writeFileSync(join(folder.path, 'a/b'), 'b');
    await folder.close();
    expect(existsSync(root)).toBe(false);
  });
});

/** Has a program look for folders that were forsaken, among those in `parent`. */
async function lookInto(parent: string): Promise<void> {
  const module = fileURLToPath(new URL('../../dist/util/private-folder.js', import.meta.url));
  const script = `await (await import(${JSON.stringify(module)})).removeForsaken();`;
  const program = spawn(process.execPath, ['--input-type=module', '-e', script], { env: { TMPDIR: parent }, stdio: 'inherit' });
  expect(await once(program, 'exit')).toEqual([0, null]);
}

describe('folders that a program finds', () => {
  it('are removed when their owner is gone, and left alone when anything is not as it would be then', async () => {
    const own = await PrivateFolder.create();
    const living = JSON.parse(readFileSync(join(dirname(own.path), 'owner.json'), 'utf8')) as Owner;
    const ended = spawn(process.execPath, ['-e', '']);
    await once(ended, 'exit');
    const gone: Owner = { ...living, process: { pid: ended.pid ?? 0 } };
    const parent = mkdtempSync(join(tmpdir(), 'kinesis-labs-test-'));
    const add = (name: string, owner: unknown, mode = 0o700): string => {
      const path = join(parent, name);
      mkdirSync(path);
      if (owner !== undefined) writeFileSync(join(path, 'owner.json'), typeof owner === 'string' ? owner : JSON.stringify(owner));
      chmodSync(path, mode);
      return path;
    };
    const forsaken = [
      add('kinesis-labs-gone', gone),
      // Somebody else has the id now.
      add('kinesis-labs-later', { ...living, process: { pid: process.pid, began: 'earlier' } }),
    ];
    const kept = [
      add('kinesis-labs-living', living),
      add('kinesis-labs-elsewhere', { ...gone, space: 'another container' }),
      add('kinesis-labs-begun', undefined),
      add('kinesis-labs-torn', JSON.stringify(gone).slice(0, 20)),
      add('kinesis-labs-strange', { owner: 'me' }),
      add('kinesis-labs-open', gone, 0o755),
      add('other-gone', gone),
    ];
    const target = add('target', gone);
    symlinkSync(target, join(parent, 'kinesis-labs-link'));
    await lookInto(parent);
    expect(forsaken.filter((path) => existsSync(path))).toEqual([]);
    expect([...kept, target, join(parent, 'kinesis-labs-link')].filter((path) => !existsSync(path))).toEqual([]);
    rmSync(parent, { recursive: true });
    await own.close();
  });

  it('of a process that was killed are removed by its guard', async () => {
    const module = fileURLToPath(new URL('../../dist/util/private-folder.js', import.meta.url));
    const script = `const folder = await (await import(${JSON.stringify(module)})).PrivateFolder.create();
      process.stdout.write(folder.path); setInterval(() => undefined, 1_000);`;
    const program = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [path] = await once(program.stdout, 'data');
    expect(existsSync(String(path))).toBe(true);
    program.kill('SIGKILL');
    await until(() => !existsSync(dirname(String(path))));
  });
});
