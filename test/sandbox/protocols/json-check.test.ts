import { describe, expect, it } from 'vitest';
import { isJson } from '../../../src/sandbox/protocols/json-check.ts';
import { parses } from '../../support/parses.ts';
import { servedDuring } from '../../support/served.ts';

const values = ['0', '-0', '-1.5e+3', '1E-9', '12.0', '"a\\u00e9\\n\\"/\\/ü☃"', 'true', 'false', 'null', '[]', '{}', '[1,[2,{"a":[]}]]'];
const valid = [
  ...values,
  ...values.map((value) => ` \t\r\n{ "a" : ${value} , "b" : [ ${value} ,${value}] } `),
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
];
const invalid = [
  '',
  ' ',
  '01',
  '-',
  '1.',
  '.5',
  '1e',
  '1e+',
  '+1',
  '--1',
  '1 2',
  'tru',
  'truee',
  'nul l',
  'undefined',
  "'a'",
  '"a',
  '"\\x"',
  '"\\u12g4"',
  '"\u0001"',
  '[1,]',
  '[,1]',
  '[1 2]',
  '[1}',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{a:1}',
  '{1:1}',
  '{"a":1]',
  ']',
  '[]]',
  '\ufeff{}',
  '\u00a01',
];

describe('a text', () => {
  it.each(valid.map((text) => [text.slice(0, 60), text]))('is JSON: %s', async (_, text) => {
    expect([await isJson(Buffer.from(text)), parses(text)]).toEqual([true, true]);
  });

  it.each(invalid.map((text) => [text]))('is no JSON: %s', async (text) => {
    expect([await isJson(Buffer.from(text)), parses(text)]).toEqual([false, false]);
  });

  it('is what the parser says, with any byte of it taken away, doubled or replaced', async () => {
    const wrong: string[] = [];
    for (const text of [valid.at(-8) ?? '', ...values]) {
      for (let at = 0; at < text.length; at += 1) {
        for (const other of ['', text.slice(at, at + 1).repeat(2), '"', ',', '}', '0', 'e', '\\', ' ', '\u001f']) {
          const changed = text.slice(0, at) + other + text.slice(at + 1);
          if ((await isJson(Buffer.from(changed))) !== parses(changed)) wrong.push(changed);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is looked at while others are served', async () => {
    const text = Buffer.from(JSON.stringify(Array.from({ length: 300_000 }, (_, index) => ({ a: index }))));
    let found = false;
    const served = await servedDuring(async () => {
      found = await isJson(text);
    });
    expect([found, served > 1]).toEqual([true, true]);
  });
});
