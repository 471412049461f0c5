import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRoster } from '../../src/cli/roster.ts';

const folder = mkdtempSync(join(tmpdir(), 'kinesis-labs-test-'));

function roster(text: string | Uint8Array, name = 'class.csv') {
  writeFileSync(join(folder, name), text);
  return readRoster(name, folder);
}

const role = 'arn:aws:iam::123456789012:role/grader';

describe('a roster in CSV', () => {
  it('has what is known of each student, and keeps other columns as they are', async () => {
    const text = `student,account,role_arn,external_id,section,region\nAda,123456789012,${role},class-1,"B, late",eu-central-1\nBob,,,,A,\n`;
    expect((await roster(text)).entries).toEqual([
      {
        student: 'Ada',
        account: '123456789012',
        roleArn: role,
        externalId: 'class-1',
        region: 'eu-central-1',
        columns: { section: 'B, late' },
      },
      { student: 'Bob', columns: { section: 'A' } },
    ]);
  });

  it.each([
    ['semicolons', 'Student;Role ARN\nAda;arn:aws:iam::123456789012:role/grader\n'],
    ['tabs, a byte order mark and the line ends of Windows', `\uFEFFstudent\trole-arn\r\nAda\t${role}\r\n`],
    ['empty lines', `\nstudent,role_arn\n\nAda,${role}\n,\n`],
  ])('may have %s', async (_, text) => {
    expect((await roster(text)).entries).toEqual([{ student: 'Ada', roleArn: role, columns: {} }]);
  });

  it('is refused with every line and column that cannot be used, all at once', async () => {
    const text = [
      'student,account,role_arn,external_id,region,prefix',
      'Ada,12345,,,,',
      ',123456789012,,,,',
      '"Bob\nby",123456789013,arn:aws:s3:::x,,mars,a b',
      'Eve,999999999999,arn:aws:iam::123456789012:role/grader,,,',
      'Eve,,,secret,,',
      'Mallory,1,2,3,4,5,6,7',
    ].join('\n');
    await expect(roster(text)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^class\.csv cannot be used: \d+ problems\.\n/),
      hint: expect.stringContaining('A roster has a column student'),
    });
    const said = await roster(text).catch((error: Error) => error.message);
    for (const problem of [
      'class.csv:2, column account: must be twelve digits, and is "12345"',
      'class.csv:3, column student: is empty; every student needs a name',
      'class.csv:4, column role_arn: must be the ARN of a role, arn:aws:iam::123456789012:role/name, and is "arn:aws:s3:::x"',
      'class.csv:4, column region: must be the name of an AWS region, and is "mars"',
      'class.csv:4, column prefix: must be up to 40 letters, digits, dots, _ and -, and is "a b"',
      'class.csv:6, column role_arn: is of account 123456789012, and the column account says 999999999999',
      'class.csv:7, column student: "Eve" stands in class.csv:6 already',
      'class.csv:7, column external_id: goes with the role that it is asked for by, and there is no role_arn: arn:aws:iam::123456789012:role/…',
      'class.csv:8: has 8 cells, and there are 6 columns; is a comma in a text without quotes?',
    ])
      expect(said).toContain(problem);
  });

  it('is refused without a column student, with one twice, and with nobody in it', async () => {
    await expect(roster('name,account\nAda,1\n')).rejects.toThrow('class.csv:1 has no column student; it has name, account.');
    await expect(roster('student,student\nAda,1\n')).rejects.toThrow('class.csv:1 has two columns "student".');
    await expect(roster('student\n')).rejects.toThrow('class.csv lists no students.');
    for (const nothing of ['', '\uFEFF', '\r\n\r\n']) await expect(roster(nothing)).rejects.toThrow(/^class\.csv is empty\.$/);
    await expect(roster('\n,,\n')).rejects.toThrow(/^class\.csv is empty\.$/);
  });

  it.each([
    ['Students,account\nAda,1\n', 'class.csv:1 has no column student; it has Students, account.', 'If Students is meant, call it student.'],
    [
      'Class of 2026,,\nstudent,account\nAda,1\n',
      'class.csv:1 has no column student; it has Class of 2026.',
      'Line 2 seems to name the columns',
    ],
  ])('is refused with what its headings may be meant to be: %j', async (text, message, hint) => {
    await expect(roster(text)).rejects.toMatchObject({ message, hint: expect.stringContaining(hint) });
  });

  it.each([
    [
      '12345678901',
      'and is "12345678901". A spreadsheet takes zeros away at the beginning: is 012345678901 meant? Give the column the format Text',
    ],
    ['1.23457E+11', 'and is "1.23457E+11": a spreadsheet has rounded it, and its digits are lost. Give the column the format Text'],
    ['"1,23457E+11"', 'and is "1,23457E+11": a spreadsheet has rounded it, and its digits are lost.'],
    ['1234-5678-9012', 'must be twelve digits, and is "1234-5678-9012"'],
  ])('says what a spreadsheet has made of an account: %s', async (account, words) => {
    await expect(roster(`student,account\nAda,${account}\n`)).rejects.toThrow(
      `class.csv:2, column account: must be twelve digits, ${words.replace('must be twelve digits, ', '')}`,
    );
  });

  it('may have the line by which Excel tells the separator, and lines within quotes', async () => {
    const text = 'sep=;\r\nstudent;account;note\r\n"Ada\r\nLovelace";123456789012;"one;\r\ntwo"\r\nBob;1;\r\n';
    await expect(roster(text)).rejects.toThrow('class.csv:6, column account');
    const { entries } = await roster(text.replace(';1;', ';;'));
    expect(entries.map(({ student, columns }) => [student, columns['note']])).toEqual([
      ['Ada\nLovelace', 'one;\ntwo'],
      ['Bob', ''],
    ]);
  });

  it('says which columns mean nothing and look as if they did', async () => {
    const { entries, warnings } = await roster('student,acount,section\nAda,123456789012,A\n');
    expect(warnings).toEqual([
      'class.csv: the column "acount" says nothing to verify, and is kept for the reports. If account is meant, call it that.',
    ]);
    expect(entries[0]?.columns).toEqual({ acount: '123456789012', section: 'A' });
    expect((await roster('student,student_id,account\nAda,7,123456789012\n')).warnings).toEqual([]);
  });

  it('may have an ExternalId for a role that is still to be made', async () => {
    const text = 'student,account,external_id\nAda,123456789012,class-1\n';
    await expect(roster(text)).rejects.toThrow('there is no role_arn: arn:aws:iam::123456789012:role/…');
    expect((await readRoster('class.csv', folder, { rolesToCome: true })).entries[0]).toMatchObject({ externalId: 'class-1' });
  });

  it('is refused where it is no CSV, or not there at all', async () => {
    await expect(roster('student\n"Ada\n')).rejects.toThrow(/^class\.csv:\d+ is no CSV: Quote Not Closed/);
    await expect(roster(new Uint8Array([0xff, 0xfe, 0x41]))).rejects.toThrow('class.csv is UTF-16 text.');
    await expect(roster(new Uint8Array([0x50, 0x4b, 3, 4, 0xff]))).rejects.toThrow(
      'class.csv is a workbook or another archive, and no text.',
    );
    await expect(readRoster('none.csv', folder)).rejects.toThrow('none.csv cannot be read: there is no such file.');
    await expect(readRoster('.', folder)).rejects.toThrow('. is not a file');
  });

  it('says who has the same account as somebody else, which may be meant', async () => {
    const { warnings } = await roster(`student,account,role_arn\nAda,123456789012,\nBob,,${role}\n`);
    expect(warnings).toEqual(['class.csv:3: Bob has the same account as Ada (class.csv:2).']);
    expect((await roster('student,account,prefix\nAda,123456789012,a-\nBob,123456789012,b-\n')).warnings).toEqual([]);
  });
});

describe('a roster in JSON', () => {
  it('is a list of students, or has one', async () => {
    const ada = { student: 'Ada', account: '123456789012', section: 3 };
    const expected = [{ student: 'Ada', account: '123456789012', columns: { section: '3' } }];
    expect((await roster(JSON.stringify([ada]), 'class.json')).entries).toEqual(expected);
    expect((await roster(JSON.stringify({ students: [ada] }), 'class.json')).entries).toEqual(expected);
  });

  it('is refused with the number of each student who cannot be used', async () => {
    const said = roster('[{"student":"Ada","account":123},"Bob",{"student":"Eve","tags":{}}]', 'class.json');
    await expect(said).rejects.toThrow('class.json: student 1, column account: must be twelve digits');
    await expect(said).rejects.toThrow('class.json: student 2: is no object');
    await expect(said).rejects.toThrow('class.json: student 3: "tags" is neither a text nor a number');
    await expect(roster('{}', 'class.json')).rejects.toThrow('class.json is no list of students.');
    await expect(roster('[', 'class.json')).rejects.toThrow('class.json is no JSON:');
  });
});
