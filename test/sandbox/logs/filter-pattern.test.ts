import { describe, expect, it } from 'vitest';
import { parseFilterPattern } from '../../../src/sandbox/logs/filter-pattern.ts';

function matches(pattern: string, message: string): boolean {
  return parseFilterPattern(pattern)(message);
}

describe('a filter pattern of terms', () => {
  it.each([
    ['', 'anything', true],
    ['  ', 'anything', true],
    ['""', 'anything', true],
    ['ERROR', '[ERROR 400] BAD REQUEST', true],
    ['ERROR', 'an error', false],
    ['Exception', 'java.lang.NullPointerException', true],
    ['ERROR REQUEST', '[ERROR 400] BAD REQUEST', true],
    ['REQUEST ERROR', '[ERROR 400] BAD REQUEST', true],
    ['ERROR WARN', '[ERROR 400] BAD REQUEST', false],
    ['"BAD REQUEST"', '[ERROR 400] BAD REQUEST', true],
    ['"REQUEST BAD"', '[ERROR 400] BAD REQUEST', false],
    ['"RequestId: 1"', 'START RequestId: 1 Version: $LATEST', true],
    ['"say \\"hi\\""', 'they say "hi" to all', true],
    ['ERROR -BAD', '[ERROR 400] BAD REQUEST', false],
    ['ERROR -BAD', '[ERROR 419] MISSING', true],
    ['-"BAD REQUEST"', '[ERROR 419] MISSING', true],
    ['-"BAD REQUEST"', '[ERROR 400] BAD REQUEST', false],
    ['?ERROR ?WARN', 'a WARN line', true],
    ['?ERROR ?WARN', 'an INFO line', false],
    ['?"BAD REQUEST" ?WARN', '[ERROR 400] BAD REQUEST', true],
    ['?WARN ERROR', 'an ERROR line', true],
    ['?WARN -INFO', 'an ERROR line', true],
    ['%ERR.R [0-9]+%', 'ERROR 400', true],
    ['%^ERROR$%', 'an ERROR', false],
    ['größe_1', 'die größe_1 ist', true],
  ])('%j and the event %j: %s', (pattern, message, expected) => {
    expect(matches(pattern, message)).toBe(expected);
  });

  it.each(['[$LATEST', 'RequestId:', 'a.b', 'a/b', '$x'])(
    'has what is not a letter, a digit or an underscore in quotation marks: %s',
    (term) => {
      if (term.startsWith('[')) expect(() => parseFilterPattern(term)).toThrow('Invalid filter pattern');
      else expect(() => parseFilterPattern(term)).toThrow(`Invalid character(s) in term '${term}'`);
    },
  );

  it.each(['"open', '%open', '%(a+)+%', '%[%', '-'])('that cannot be read is refused: %s', (pattern) => {
    expect(() => parseFilterPattern(pattern)).toThrow(expect.objectContaining({ code: 'InvalidParameterException' }));
  });
});

describe('a filter pattern for JSON', () => {
  const event = JSON.stringify({
    device: 'd-1',
    speed: 71.5,
    hits: 0,
    ok: true,
    note: null,
    code: '404',
    user: { name: 'Ann Lee', roles: ['admin', 'dev'] },
    items: [{ id: 1 }, { id: 2 }],
    'a field': 'x',
  });

  it.each([
    ['{ $.device = "d-1" }', true],
    ['{ $.device = d-1 }', true],
    ['{$.device=d-1}', true],
    ['{ $.device = d-* }', true],
    ['{ $.device = "*1" }', true],
    ['{ $.device = "d" }', false],
    ['{ $.device != "d-2" }', true],
    ['{ $.device != "d-1" }', false],
    ['{ $.missing != "d-1" }', false],
    ['{ $.device = %d-[0-9]% }', true],
    ['{ $.speed = 71.5 }', true],
    ['{ $.speed > 71 }', true],
    ['{ $.speed >= 71.5 }', true],
    ['{ $.speed < 71.5 }', false],
    ['{ $.speed <= 7.15e1 }', true],
    ['{ $.speed != 70 }', true],
    ['{ $.hits = 0 }', true],
    ['{ $.note = 0 }', false],
    ['{ $.device > 3 }', false],
    ['{ $.code = 404 }', true],
    ['{ $.ok IS TRUE }', true],
    ['{ $.ok IS FALSE }', false],
    ['{ $.note IS NULL }', true],
    ['{ $.missing IS NULL }', false],
    ['{ $.missing NOT EXISTS }', true],
    ['{ $.note NOT EXISTS }', false],
    ['{ $.user.name = "Ann Lee" }', true],
    ['{ $.user.roles[1] = dev }', true],
    ['{ $.user.roles[2] = dev }', false],
    ['{ $.user.roles[*] = admin }', true],
    ['{ $.items[*].id = 2 }', true],
    ['{ $.items[*].id = 3 }', false],
    ["{ $['a field'] = x }", true],
    ['{ $["user"]["name"] = "Ann*" }', true],
    ['{ $.device = d-1 && $.speed > 100 }', false],
    ['{ $.device = d-1 || $.speed > 100 }', true],
    ['{ $.speed > 100 || $.ok IS TRUE && $.hits = 0 }', true],
    ['{ ($.speed > 100 || $.ok IS TRUE) && $.hits = 1 }', false],
    ['{ ($.device = d-2) || (($.ok IS TRUE) && ($.hits < 1)) }', true],
    ['{ $.constructor = "*" }', false],
  ])('%s: %s', (pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it('fits no event that is not JSON as a whole', () => {
    expect(matches('{ $.a = 1 }', '{"a":1}')).toBe(true);
    expect(matches('{ $.a = 1 }', '2026-11-21T09:00:00.000Z\tid\tINFO\t{"a":1}')).toBe(false);
    expect(matches('{ $.a = 1 }', '{"a":1')).toBe(false);
    expect(matches('{ $.a NOT EXISTS }', 'null')).toBe(false);
  });

  it.each([
    '{ $.a }',
    '{ $.a = }',
    '{ $.a = 1',
    '{ a = 1 }',
    '{ $.a = 1 && }',
    '{ ($.a = 1 }',
    '{ $.a = 1 $.b = 2 }',
    '{ $.a IS MAYBE }',
    '{ $.a NOT HERE }',
    '{ $.a == 1 }',
    '{ }',
  ])('that cannot be read is refused: %s', (pattern) => {
    expect(() => parseFilterPattern(pattern)).toThrow('Invalid filter pattern');
  });
});

describe('a filter pattern for fields that are separated by spaces', () => {
  const event = '127.0.0.1 - frank [10/Oct/2026:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

  it.each([
    ['[ip, user, name, time, request, status, bytes]', true],
    ['[ip, user, name, time, request, status]', false],
    ['[ip, user, name, time, request, status = 404, bytes]', true],
    ['[ip, user, name, time, request, status = 4*, bytes]', true],
    ['[ip, user, name, time, request, status = 2*, bytes]', false],
    ['[ip, user, name, time, request, status, bytes > 1000]', true],
    ['[ip, user, name, time, request, status != 404 && status != 500, bytes]', false],
    ['[ip, user, name, time, request = "GET*", ...]', true],
    ['[..., status = 404, bytes]', true],
    ['[ip = 127.*, ..., bytes < 10]', false],
    ['[ip, ...]', true],
    ['[]', false],
  ])('%s: %s', (pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it('that cannot be read is refused', () => {
    expect(() => parseFilterPattern('[a, b')).toThrow('Invalid filter pattern');
    expect(() => parseFilterPattern('[a = 1 && c = 2, b]')).toThrow('Invalid filter pattern');
  });
});
