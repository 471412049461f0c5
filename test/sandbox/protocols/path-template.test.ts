import { describe, expect, it } from 'vitest';
import { pathTemplate } from '../../../src/sandbox/protocols/path-template.ts';

function request(method: string, path: string, query = '') {
  return { method, path, query, headers: {}, body: Buffer.alloc(0) };
}

describe('a path template', () => {
  const template = pathTemplate('GET', '/2015-03-31/functions/{FunctionName}/configuration');

  it('reads its labels, percent-decoded', () => {
    expect(template.match(request('GET', '/2015-03-31/functions/arn%3Aaws%3Alambda/configuration'))).toEqual({
      FunctionName: 'arn:aws:lambda',
    });
  });

  it.each([
    ['another method', request('PUT', '/2015-03-31/functions/f/configuration')],
    ['a longer path', request('GET', '/2015-03-31/functions/f/configuration/x')],
    ['an empty label', request('GET', '/2015-03-31/functions//configuration')],
    ['a label with a slash', request('GET', '/2015-03-31/functions/a/b/configuration')],
  ])('does not match %s', (_what, other) => {
    expect(template.match(other)).toBeUndefined();
  });

  it('takes the rest of the path for a greedy label', () => {
    expect(pathTemplate('GET', '/{Bucket}/{Key+}').match(request('GET', '/b/a/b/c.txt'))).toEqual({ Bucket: 'b', Key: 'a/b/c.txt' });
  });

  it('wants the literal parts of its query', () => {
    const list = pathTemplate('GET', '/{Bucket}?list-type=2');
    expect(list.match(request('GET', '/b', 'prefix=x&list-type=2'))).toEqual({ Bucket: 'b' });
    expect(list.match(request('GET', '/b', 'list-type=1'))).toBeUndefined();
  });

  it('leaves a malformed escape as it is', () => {
    expect(template.match(request('GET', '/2015-03-31/functions/%E0%A4%A/configuration'))).toEqual({ FunctionName: '%E0%A4%A' });
  });
});
