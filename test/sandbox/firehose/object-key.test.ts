import { describe, expect, it } from 'vitest';
import { hasExpressions, objectKey, refuseUnknownExpressions } from '../../../src/sandbox/firehose/object-key.ts';

const name = {
  deliveryStream: 'telemetry',
  version: 1,
  time: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  id: '0a1b2c3d-0000-4000-8000-000000000000',
  extension: '',
};
const suffix = 'telemetry-1-2026-01-02-03-04-05-0a1b2c3d-0000-4000-8000-000000000000';

function key(prefix: string): string {
  return objectKey({ ...name, prefix });
}

describe('the key of an object', () => {
  it('is the time in UTC and what the delivery stream is called', () => {
    expect(key('')).toBe(`2026/01/02/03/${suffix}`);
  });

  it('has the time behind a plain prefix, with no slash of its own', () => {
    expect(key('raw/')).toBe(`raw/2026/01/02/03/${suffix}`);
    expect(key('raw')).toBe(`raw2026/01/02/03/${suffix}`);
  });

  it('has the time where the prefix wants it, and nowhere else', () => {
    expect(key('year=!{timestamp:yyyy}/month=!{timestamp:MM}/')).toBe(`year=2026/month=01/${suffix}`);
    expect(key("!{timestamp:'day'd/H-m-s yy}/")).toBe(`day2/3-4-5 26/${suffix}`);
    expect(key("!{timestamp:yyyy'-'MM'-'dd'T'HH':'mm':'ss''}/")).toBe(`2026-01-02T03:04:05'/${suffix}`);
  });

  it('has the time behind a prefix that asks for something else only', () => {
    const [one, other] = [key('!{firehose:random-string}/'), key('!{firehose:random-string}/')];
    expect(one).toMatch(/^[A-Za-z0-9]{11}\/2026\/01\/02\/03\/telemetry-1-/);
    expect(one.slice(0, 11)).not.toBe(other.slice(0, 11));
  });

  it('ends with the extension', () => {
    expect(objectKey({ ...name, prefix: '', extension: '.gz' })).toBe(`2026/01/02/03/${suffix}.gz`);
  });
});

describe('a prefix', () => {
  it('has expressions or has none', () => {
    expect(hasExpressions('raw/')).toBe(false);
    expect(hasExpressions('raw!/{a}')).toBe(false);
    expect(hasExpressions('raw/!{timestamp:yyyy}/')).toBe(true);
  });

  it('is refused with an expression that is not known, by name', () => {
    for (const prefix of ['!{timestamp:YYYY}/', '!{timestamp:EEE}', '!{partitionKeyFromQuery:customer}', '!{firehose:error-output-type}']) {
      expect(() => refuseUnknownExpressions(`raw/${prefix}`)).toThrow(`${prefix.slice(0, prefix.indexOf('}') + 1)} in the prefix of`);
    }
    expect(() => refuseUnknownExpressions("a!{timestamp:yyyy/MM/dd'x'}b!{firehose:random-string}")).not.toThrow();
  });
});
