import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAccounts } from '../../src/cli/account-list.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinesis-labs-accounts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function listed(text: string | Buffer) {
  writeFileSync(join(folder, 'class.txt'), text);
  return readAccounts('class.txt', folder);
}

describe('a list of accounts', () => {
  it('is a number of them', () => {
    const accounts = readAccounts('500', folder).map(({ account }) => account);
    expect(accounts.every((account) => /^\d{12}$/.test(account))).toBe(true);
    expect(new Set(accounts).size).toBe(500);
  });

  it('is a file with one in each line, with or without a key of its own', () => {
    const text = '\uFEFF# the class\r\n111111111111\r\n\r\n  222222222222, AKIAIOSFODNN7EXAMPLE, s3cr3t/+=  # Ada\r\n';
    expect(listed(text)).toEqual([
      { account: '111111111111' },
      { account: '222222222222', key: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 's3cr3t/+=' } },
    ]);
  });

  it('names all lines that are none, with their places', () => {
    const text = [
      '111111111111',
      '  12345',
      '222222222222 AKIAIOSFODNN7EXAMPLE',
      '333333333333 short secret',
      '111111111111',
      '444444444444 AKIAIOSFODNN7EXAMPLE one two',
    ].join('\n');
    expect(() => listed(text)).toThrow(
      [
        '5 lines of class.txt cannot be used:',
        '  class.txt:2:3 wants an account of twelve digits, and has "12345"',
        '  class.txt:3:1 has an access key id and no secret access key',
        '  class.txt:4:1 wants an access key id of 16 to 128 letters and digits, and has "short"',
        '  class.txt:5:1 has the account 111111111111 of line 1 again',
        '  class.txt:6:1 has 4 values, and there can be three',
      ].join('\n'),
    );
  });

  it.each([
    ['none', '0', '--accounts wants 1 to 10000 accounts, and got 0.'],
    ['too many', '10001', '--accounts wants 1 to 10000 accounts, and got 10001.'],
    ['a file that is not there', 'missing.txt', 'missing.txt cannot be read: there is no such file.'],
    ['a folder', '.', '. is not a file.'],
  ])('is not %s', (_, value, message) => {
    expect(() => readAccounts(value, folder)).toThrow(message);
  });

  it('is not empty, and not something else that is large', () => {
    expect(() => listed('# nobody\n')).toThrow('class.txt lists no accounts.');
    expect(() => listed(Buffer.alloc(5 * 1024 * 1024, '1'))).toThrow(
      'class.txt has 5242880 bytes, which is too much for a list of accounts.',
    );
  });
});
