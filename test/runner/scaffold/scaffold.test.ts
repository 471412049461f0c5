import { describe, expect, it } from 'vitest';
import { scaffold } from '../../../src/runner/scaffold/scaffold.ts';
import { UserError } from '../../../src/util/user-error.ts';

describe('a lab to begin with', () => {
  it.each([
    ['6', 'A new lab', '06-a-new-lab'],
    ['06', '  Put & get: records! ', '06-put-get-records'],
    ['99', 'Über Größen', '99-uber-gro-en'],
    ['10', '流れ', '10-lab'],
    ['11', 'x'.repeat(80), `11-${'x'.repeat(50)}`],
  ])('is called after its id %s and title %j', (id, title, name) => {
    const made = scaffold(id, title, '../assets');
    expect(made).toMatchObject({ page: `${name}.md`, folder: name });
    expect(made.text).toContain(`  code: ${name}\n`);
    expect(made.text).toContain(`(../assets/${name}/index.js)`);
    expect(made.text).toMatch(new RegExp(`^---\nid: "${id.padStart(2, '0')}"\n`));
  });

  it('leaves nothing of its template open, whatever the title is', () => {
    const { text } = scaffold('6', 'A __TITLE__ in `code`', '../assets');
    expect(text).toContain('title: "A __TITLE__ in `code`"\n');
    expect(text).toContain('# A \\_\\_TITLE\\_\\_ in \\`code\\`\n');
    expect(text.match(/__[A-Z_]+__/g)).toEqual(['__TITLE__']);
  });

  it.each(['abc', '', '100', '-1', '1.5', '6/../7', '٦'])('has no id %j', (id) => {
    expect(() => scaffold(id, 'A lab', '../assets')).toThrow(UserError);
    expect(() => scaffold(id, 'A lab', '../assets')).toThrow(`${JSON.stringify(id)} cannot be the id of a lab.`);
  });

  it.each([
    ['', 'is empty'],
    ['one\ntwo', 'more than one line'],
    ['\u001b[2J', 'control characters'],
    ['\u202eabc', 'control characters'],
    ['about ${{ names.x }}', 'a reference'],
    ['x'.repeat(81), '81 characters'],
  ])('has no title %j', (title, says) => {
    expect(() => scaffold('6', title, '../assets')).toThrow(says);
  });
});
