import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/runner/lab-index.ts';
import { assetsFolder, displayPath, findLab, indexLabs, listLabs, packageLabs, readLab } from '../../src/runner/library.ts';
import { UserError } from '../../src/util/user-error.ts';
import { labWith, orders } from '../support/lab-kinds.ts';

const root = mkdtempSync(join(tmpdir(), 'kinesis-labs-test-'));
const labs = join(root, 'labs');
mkdirSync(labs);
const page = (id: string, title: string) => labWith({ id: `"${id}"`, title }, orders);
writeFileSync(join(labs, '01-hello-kinesis.md'), page('01', 'Hello, Kinesis'));
writeFileSync(join(labs, '02-two-shards.md'), page('02', 'More than one shard'));
writeFileSync(join(labs, '10-hello-again.md'), page('10', 'Iterators'));
writeFileSync(join(labs, '11-broken.md'), '---\nid: 11\n---\n');
writeFileSync(join(labs, 'README.md'), 'Labs.');
writeFileSync(join(labs, 'notes.txt'), 'Not a lab.');

const find = (query: string) => findLab(query, root, labs).then((path) => displayPath(path, labs));

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof UserError)) throw new Error(`No UserError, but ${error}`);
  expect(error.exitCode).toBe(2);
  return error;
}

const all = ['Labs:', '  01  Hello, Kinesis', '  02  More than one shard', '  10  Iterators', '  11  11-broken'].join('\n');

describe('the list of labs', () => {
  it('has the front matter of each, in the order of their files', async () => {
    const listed = await listLabs(labs);
    expect(listed.map(({ id, title }) => [id, title])).toEqual([
      ['01', 'Hello, Kinesis'],
      ['02', 'More than one shard'],
      ['10', 'Iterators'],
      ['11', '11-broken'],
    ]);
    expect(listed[0]).toEqual({
      path: join(labs, '01-hello-kinesis.md'),
      id: '01',
      title: 'Hello, Kinesis',
      summary: 'Makes streams.',
      minutes: 5,
    });
  });

  it('can be written down for files as they are, and only for those that can be read', async () => {
    const index = await indexLabs(labs);
    const text = page('01', 'Hello, Kinesis');
    expect(Object.values(index).map(({ id }) => id)).toEqual(['01', '02', '10']);
    expect(index[fingerprint('/elsewhere/01-hello-kinesis.md', text)]).toEqual({
      id: '01',
      title: 'Hello, Kinesis',
      summary: 'Makes streams.',
      minutes: 5,
    });
    // The id has to be that of the file name, so the same text is another lab under another name.
    expect(index[fingerprint('/elsewhere/03-hello-kinesis.md', text)]).toBeUndefined();
    expect(index[fingerprint('/elsewhere/01-hello-kinesis.md', `${text} `)]).toBeUndefined();
  });

  it('says which lab cannot be read, and why', async () => {
    expect((await listLabs(labs)).filter(({ broken }) => broken !== undefined)).toEqual([
      {
        path: join(labs, '11-broken.md'),
        id: '11',
        title: '11-broken',
        summary: '',
        minutes: 0,
        broken: '`id` must be text, and is the number 11.',
      },
    ]);
  });

  it('of this package has lab 01', async () => {
    expect((await listLabs(packageLabs)).map(({ id, broken }) => [id, broken])).toContainEqual(['01', undefined]);
  });

  it('is refused for a folder that is not there', async () => {
    expect((await refusal(listLabs(join(root, 'nowhere')))).message).toBe(`The folder ${join(root, 'nowhere')} cannot be read.`);
  });
});

describe('a lab', () => {
  it.each([
    ['01', '01-hello-kinesis.md'],
    ['1', '01-hello-kinesis.md'],
    ['10', '10-hello-again.md'],
    ['02-two-shards', '02-two-shards.md'],
    ['shards', '02-two-shards.md'],
    ['iter', '10-hello-again.md'],
    ['HELLO, K', '01-hello-kinesis.md'],
    ['broken', '11-broken.md'],
  ])('is found by its id, its file name, or a part of its title or file name: %s', async (query, file) => {
    expect(await find(query)).toBe(file);
  });

  it('of the author is found by its path, from the working directory', async () => {
    expect(await findLab('labs/02-two-shards.md', root)).toBe(join(labs, '02-two-shards.md'));
    expect(await findLab('02-two-shards.md', labs, join(root, 'nowhere'))).toBe(join(labs, '02-two-shards.md'));
    expect(await findLab(join(labs, '02-two-shards.md'), '/')).toBe(join(labs, '02-two-shards.md'));
  });

  it('that does not exist is answered with those that do', async () => {
    expect(await refusal(find('99'))).toMatchObject({ message: 'There is no lab "99".', hint: all });
    expect(await refusal(find(''))).toMatchObject({ message: 'There is no lab "".', hint: all });
    expect(await refusal(find('helo-kinesis'))).toMatchObject({
      message: 'There is no lab "helo-kinesis".',
      hint: `Did you mean "hello-kinesis"?\n${all}`,
    });
  });

  it('that could be several is answered with these', async () => {
    expect(await refusal(find('hello'))).toMatchObject({
      message: '"hello" could mean several labs.',
      hint: ['Labs:', '  01  Hello, Kinesis', '  10  Iterators'].join('\n'),
    });
  });

  it('that is no file is refused', async () => {
    expect((await refusal(find('labs/12.md'))).message).toBe('There is no file "labs/12.md".');
    expect((await refusal(findLab('./labs', root))).message).toBe('"./labs" is not a file.');
  });
});

describe('the text of a lab', () => {
  it('comes with its name for messages and the folder of its assets', async () => {
    const { file, text, assets } = await readLab(join(labs, '01-hello-kinesis.md'), root);
    expect({ file, assets }).toEqual({ file: join('labs', '01-hello-kinesis.md'), assets: join(labs, 'assets') });
    expect(text).toBe(page('01', 'Hello, Kinesis'));
  });

  it.each([
    ['a byte that is none of UTF-8', Buffer.from('# Caf\xe9\n', 'latin1'), 'x.md:1:6 is not UTF-8 text.'],
    ['the same further down', Buffer.from('# A\n\nna\xefve\n', 'latin1'), 'x.md:3:3 is not UTF-8 text.'],
    ['a letter that is written with too many bytes', Buffer.from([0x2d, 0xc0, 0xaf]), 'x.md:1:2 is not UTF-8 text.'],
    ['half of a surrogate pair', Buffer.from([0xed, 0xa0, 0x80]), 'x.md:1:1 is not UTF-8 text.'],
    ['a letter that is cut off', Buffer.from([0x2d, 0x0a, 0xe2, 0x82]), 'x.md:2:1 is not UTF-8 text.'],
    ['UTF-16', Buffer.from('\ufeff---\nid: "07"\n', 'utf16le'), 'x.md is UTF-16 text.'],
    ['UTF-16 that does not say so', Buffer.from('---\nid: "07"\n', 'utf16le'), 'x.md is UTF-16 text.'],
    ['UTF-16, the other way around', Buffer.from('\ufeff---\nid: "07"\n', 'utf16le').swap16(), 'x.md is UTF-16 text.'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x2d, 0, 0, 0]), 'x.md is UTF-32 text.'],
    ['more than a lab can have', Buffer.alloc(4_000_001, 'x'), 'x.md has 4000001 bytes, which is too much for a lab.'],
  ])('has to be UTF-8 and of a sensible size, and not %s', async (_what, bytes, message) => {
    const file = join(root, 'x.md');
    writeFileSync(file, bytes);
    expect((await refusal(readLab(file, root))).message).toBe(message);
  });

  it('begins behind a byte-order mark', async () => {
    const file = join(root, 'marked.md');
    writeFileSync(file, '\ufeff---\n');
    expect((await readLab(file, root)).text).toBe('---\n');
  });

  it('is not looked at where it would be 200 MB', async () => {
    const file = join(root, 'huge.md');
    writeFileSync(file, '');
    truncateSync(file, 200_000_000);
    expect((await refusal(readLab(file, root))).message).toBe('huge.md has 200000000 bytes, which is too much for a lab.');
    rmSync(file);
  });

  it('has to be readable', async () => {
    expect((await refusal(readLab(join(root, 'gone.md'), root))).message).toBe('gone.md cannot be read: there is no such file.');
  });

  it('is no device, no folder, and no pipe that somebody would have to write to', async () => {
    expect((await refusal(readLab('/dev/zero', root))).message).toBe('/dev/zero is not a file.');
    expect((await refusal(readLab(labs, root))).message).toBe('labs is not a file.');
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(root, 'pipe.md')]);
    expect((await refusal(readLab(join(root, 'pipe.md'), root))).message).toBe('pipe.md is not a file.');
    expect((await refusal(findLab('pipe.md', root))).message).toBe('"pipe.md" is not a file.');
    rmSync(join(root, 'pipe.md'));
  });

  it('is not behind links that lead to each other', async () => {
    symlinkSync('there.md', join(root, 'here.md'));
    symlinkSync('here.md', join(root, 'there.md'));
    expect((await refusal(findLab('here.md', root))).message).toMatch(/^"here\.md" cannot be read: ELOOP/);
    expect((await refusal(readLab(join(root, 'here.md'), root))).message).toMatch(/^here\.md cannot be read: ELOOP/);
    rmSync(join(root, 'here.md'));
    rmSync(join(root, 'there.md'));
  });
});

describe('the assets of a lab', () => {
  it('lie beside its file, or else beside its folder', async () => {
    const own = mkdtempSync(join(tmpdir(), 'kinesis-labs-test-'));
    mkdirSync(join(own, 'labs'));
    const lab = join(own, 'labs/07-own.md');
    expect(await assetsFolder(lab)).toBe(join(own, 'labs/assets'));
    mkdirSync(join(own, 'assets'));
    expect(await assetsFolder(lab)).toBe(join(own, 'assets'));
    mkdirSync(join(own, 'labs/assets'));
    expect(await assetsFolder(lab)).toBe(join(own, 'labs/assets'));
  });
});

describe('a path in a message', () => {
  it('is relative to the working directory where it lies below that', () => {
    expect(displayPath('/home/ana/labs/07.md', '/home/ana')).toBe('labs/07.md');
    expect(displayPath('/home/ana/labs/07.md', '/home/bob')).toBe('/home/ana/labs/07.md');
    expect(displayPath('/home/ana', '/home/ana')).toBe('/home/ana');
  });
});
