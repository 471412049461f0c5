import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFolderBytes, ZippedFolder } from '../../src/aws/zipped-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zipped-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text = name): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
}

describe('a zipped folder', () => {
  it('holds the files with their paths, without dot files and node_modules', async () => {
    for (const name of ['index.mjs', 'lib/b.mjs', '.env', '.git/config', 'node_modules/x/index.js', 'lib/node_modules/y.js']) write(name);
    const files = unzipSync(await new ZippedFolder(folder).bytes());
    expect(Object.entries(files).map(([name, data]) => [name, Buffer.from(data).toString()])).toEqual([
      ['index.mjs', 'index.mjs'],
      ['lib/b.mjs', 'lib/b.mjs'],
    ]);
  });

  it('is the same whenever and in whatever time zone it is made', async () => {
    write('b.mjs');
    write('a.mjs');
    const first = await new ZippedFolder(folder).sha256();
    utimesSync(join(folder, 'a.mjs'), 1, 1);
    const elsewhere = execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { ZippedFolder } = await import(${JSON.stringify(new URL('../../dist/aws/zipped-folder.js', import.meta.url))});
         console.log(await new ZippedFolder(${JSON.stringify(folder)}).sha256());`,
      ],
      { env: { ...process.env, TZ: 'Pacific/Kiritimati' }, encoding: 'utf8' },
    );
    expect(elsewhere.trim()).toBe(first);
  });

  it('can be read by everybody, which Lambda needs', async () => {
    write('a.mjs');
    const archive = Buffer.from(await new ZippedFolder(folder).bytes());
    const entry = archive.indexOf('PK\u0001\u0002');
    // The external attributes of the first entry of the central directory hold the mode in their upper half.
    expect((archive.readUInt32LE(entry + 38) >>> 16).toString(8)).toBe('100644');
  });

  it('follows links that stay inside', async () => {
    write('real.mjs');
    symlinkSync('real.mjs', join(folder, 'link.mjs'));
    expect(Object.keys(unzipSync(await new ZippedFolder(folder).bytes()))).toEqual(['link.mjs', 'real.mjs']);
  });

  it.each([
    ['out of the folder', '/etc/hostname'],
    ['into itself', '.'],
    ['to nothing', 'missing'],
  ])('refuses a link that leads %s', async (_, to) => {
    write('index.mjs');
    symlinkSync(to, join(folder, 'link'));
    await expect(new ZippedFolder(folder).bytes()).rejects.toThrow(/^The link .*link leads /);
  });

  it('refuses two folders that link to each other', async () => {
    mkdirSync(join(folder, 'a'));
    mkdirSync(join(folder, 'b'));
    symlinkSync('../b', join(folder, 'a/b'));
    symlinkSync('../a', join(folder, 'b/a'));
    await expect(new ZippedFolder(folder).bytes()).rejects.toThrow(/back into itself/);
  });

  it('refuses a folder with nothing in it, and one that does not exist', async () => {
    await expect(new ZippedFolder(folder).bytes()).rejects.toThrow(`The folder ${folder} has no files to make a function from.`);
    await expect(new ZippedFolder(join(folder, 'x')).bytes()).rejects.toThrow(/^There is no folder .*x to take the code/);
  });

  it('refuses more than Lambda takes', async () => {
    write('large.bin');
    // A sparse file: its size is what is looked at.
    truncateSync(join(folder, 'large.bin'), 262_144_001);
    await expect(new ZippedFolder(folder).bytes()).rejects.toThrow(/too large for a function/);
  });

  it('takes the place of its bytes in a request, however deep it stands', async () => {
    write('index.mjs');
    const code = new ZippedFolder(folder);
    const data = Uint8Array.of(1);
    const input = await withFolderBytes({ Code: { ZipFile: code }, Layers: ['a'], Data: data, When: new Date(0) });
    expect(input).toEqual({ Code: { ZipFile: await code.bytes() }, Layers: ['a'], Data: data, When: new Date(0) });
  });
});
