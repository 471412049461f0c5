import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { asked, canPlay, down, enter, play } from '../support/play.ts';

const long = 'x'.repeat(3_000);
const bidi = '\u202eback\u202c \u2066isolated\u2069';
const escapes = '&#27;[2J&#27;]0;title&#7;';

const page = [
  '---',
  'id: "08"',
  `title: "${long} ${bidi}"`,
  'summary: s',
  'minutes: 5',
  'format: 1',
  'names:',
  '  stream: orders',
  '---',
  '',
  `# ${long} ${escapes}`,
  '',
  `## One ${long}`,
  '',
  `${bidi} ${escapes} ${long} 漢${'字'.repeat(500)}`,
  '',
  `| ${long} | b |`,
  '|---|---|',
  `| ${long} | ${bidi} |`,
  '',
  `- ${long}`,
  `  - ${bidi} \`${long}\``,
  '',
  '```yaml step',
  'id: quiz',
  'uses: quiz',
  'with:',
  `  question: "${long} ${bidi}?"`,
  `  options: ["${long}", "Leave", "${bidi}"]`,
  '  answer: 1',
  '```',
  '',
  '## Two',
  '',
  '```yaml step',
  'id: stream',
  'uses: kinesis/stream',
  'with:',
  '  name: ${{ names.stream }}',
  '  shards: 1',
  '```',
  '',
].join('\n');

describe.skipIf(!canPlay)('a lab with words of thousands of letters, escapes and other directions of writing (needs python3)', () => {
  // Some terminals say that they have no width at all.
  it.each([20, 1, 0])('is done to its end in a terminal of %i columns, and does nothing to that', async (columns) => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'labs'));
    writeFileSync(join(home, 'labs', '08-hostile.md'), page);
    const script = [
      ['(Leave)', `${down}${enter}`],
      ['again.', ''],
      ['(Leave)', enter],
      ['2:', ''],
      [asked, enter],
      ['Remove the one resource', enter],
    ] as const;
    const { code, shown } = await play(home, ['labs/08-hostile.md'], script, { PLAYED_COLUMNS: String(columns) });
    expect(shown).toContain('Nothing is left behind.');
    expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    // What would act on the terminal is not among what was shown; what stands for it is.
    expect(shown.replace(/\s/g, '')).toContain(']0;title');
    expect(code).toBe(0);
  });
});
