import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verificationHtml } from '../../../src/runner/reporters/verification-html.ts';
import { colours } from '../../../src/runner/reporters/verification-html-style.ts';
import type { StudentMarks } from '../../../src/runner/verify/verification.ts';
import { printable } from '../../../src/util/printable.ts';
import { elementsOf } from '../../support/markup.ts';
import { everyState, states, student, verificationOf } from '../../support/verification.ts';

const page = [...verificationHtml(everyState())].join('');
const elements = elementsOf(page);

function named(name: string) {
  return elements.filter((element) => element.name === name);
}

/** WCAG 2.2, "relative luminance" and "contrast ratio". */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

describe('the page of a verification', () => {
  it('is well-formed, and needs neither a script nor anything from elsewhere, which its own policy forbids', () => {
    for (const name of ['script', 'link', 'img', 'iframe', 'form', 'base']) expect(named(name)).toEqual([]);
    expect(page).not.toMatch(/<script|url\(|@import|javascript:[^a]|\son[a-z]+="|style="/);
    for (const { attributes } of elements) expect(attributes).not.toHaveProperty('src');
    for (const { attributes } of named('a')) expect(attributes['href']).toMatch(/^#/);
    const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    const policy = named('meta').find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
    expect(policy?.attributes['content']).toBe(`default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`);
  });

  it('shows what comes from elsewhere as it is, and lets nothing of it act', () => {
    expect(page).not.toContain('<img');
    expect(page).not.toContain('</details>]]');
    expect(printable(page)).toBe(page);
    const shown =
      '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;/details&gt;]]&gt;&amp;amp;&amp;lt;';
    // The title and the first heading, a heading of a step, a column, what was observed, a hint, an error, a name.
    expect(page.split(`${shown}|\`x\`[a](javascript:alert)\\u202e\\u001b[31m ../../evil =1+1`).length).toBeGreaterThan(30);
  });

  it('keeps no secret', () => {
    const key = 'AKIAABCDEFGHIJKLMNOP';
    const leak = [...verificationHtml(verificationOf(() => [student(`Anna ${key}`, states.met)]))].join('');
    expect(leak).toContain('Anna &lt;hidden&gt;');
    expect(leak).not.toContain(key);
  });

  it('has landmarks, headings in order, tables with heads that say what they are for, and links that lead somewhere', () => {
    for (const name of ['header', 'nav', 'main', 'footer', 'h1']) expect(named(name)).toHaveLength(1);
    const levels = elements.flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name.slice(1))] : []));
    for (const [index, level] of levels.entries()) expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1);
    for (const { attributes } of named('th')) expect(['col', 'row']).toContain(attributes['scope']);
    const ids = elements.flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of named('a')) expect(ids).toContain(attributes['href']?.slice(1));
    for (const { attributes } of named('section')) expect(ids).toContain(attributes['aria-labelledby']);
    expect(named('html')[0]?.attributes).toEqual({ lang: 'en' });
    // Each bar stands beside its number.
    for (const { attributes } of named('svg')) expect(attributes['aria-hidden']).toBe('true');
  });

  it('folds out each student, and what each step rests on', () => {
    expect(named('article')).toHaveLength(6);
    expect(named('details')).toHaveLength(6 + 6 * 3);
    expect(named('summary')).toHaveLength(named('details').length);
    expect(page).toContain('<li>arn:aws:kinesis:us-east-1:100000000001:stream/one, created 2026-11-21T10:00:00.000Z</li>');
    expect(page).toContain('kinesis:DescribeStream at 2026-11-21T11:00:00.000Z, request request-1');
    expect(page).toContain('<dt>Expected</dt><dd><bdi>1</bdi></dd><dt>Observed</dt>');
    expect(page).toContain('<strong>Hint of the lab:</strong> It is easy.');
  });

  it('says every state in words, and leaves open what could not be checked', () => {
    for (const words of ['met', 'not met', 'absent', 'could not check', 'not counted']) expect(page).toContain(`</span> ${words}</span>`);
    const rows = page.split('\n').filter((line) => line.startsWith('<tr><th scope="row"><a'));
    const texts = rows.map((row) =>
      row
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    );
    expect(texts[0]).toBe('Anna ✓ met 20 of 20 points');
    expect(texts[1]).toContain('Ben ✗ not met 15 of 30 points two: shards of two: expected 1');
    expect(texts[2]).toContain('Cleo ✗ absent 0 of 20 points');
    expect(texts[3]).toContain('Dora ? could not check 0 of 30 points, 30 left open Nobody may look');
    expect(texts[4]).toContain('Emil ? could not check 15 of 30 points, 10 left open');
  });

  it('says of the class what most have not met and why, what is alike, and what could not be checked', () => {
    const text = page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(text).toContain('met 1 ');
    expect(text).toMatch(/all 1 .*Most often not met/);
    // Ben, Cleo, Emil and the hostile one have not met it; three of them for the same reason.
    expect(text).toMatch(/two .{0,300}? 4 of 6 shards of two; for example, expected 1, observed .{0,300}? \(3 students\)/);
    expect(text).toContain('Anna, Ben have the same account 100000000001 in us-east-1.');
    expect(text).toMatch(/Nobody may look: .{0,300}? Give the role back\. 2: Dora, Emil 40/);
  });

  it('has each student open, and nothing about a class, where only one account was looked at', () => {
    const single = [...verificationHtml(verificationOf(() => [student('100000000001', states['not-met'])], { roster: false }))].join('');
    const own = elementsOf(single);
    expect(own.filter(({ name, attributes }) => name === 'details' && attributes['class'] !== 'evidence')).toEqual([]);
    expect(single).not.toContain('Most often not met');
    expect(single).toContain('shards of two');
  });

  it('says that it was interrupted', () => {
    const cut = [...verificationHtml(verificationOf(() => [student('Anna', states.unchecked)], { interrupted: true }))].join('');
    expect(cut).toContain('Interrupted: not everybody was looked at.');
  });

  it('can be read on light and dark grounds', () => {
    for (const { ground, raised, line: _, ...texts } of Object.values(colours)) {
      for (const colour of Object.values(texts)) {
        expect(contrast(colour, ground)).toBeGreaterThan(4.5);
        expect(contrast(colour, raised)).toBeGreaterThan(4.5);
      }
    }
  });

  it('is made a student at a time, however large the class', () => {
    let made = 0;
    let most = 0;
    let longest = 0;
    function* many(): Generator<StudentMarks> {
      for (let number = 1; number <= 500; number += 1) {
        made += 1;
        yield student(`student ${number}`, states['not-met']);
      }
    }
    const large = verificationOf(many);
    made = 0;
    const parts = verificationHtml(large);
    // The class comes first, for which all are counted once.
    longest = String(parts.next().value).length;
    expect(made).toBe(500);
    for (const part of parts) {
      longest = Math.max(longest, part.length);
      most = Math.max(most, made - 500);
      made = 500;
    }
    expect(most).toBe(1);
    expect(longest).toBeLessThan(20_000);
  });
});
