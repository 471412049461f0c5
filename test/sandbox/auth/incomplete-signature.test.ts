import { describe, expect, it } from 'vitest';
import { incompleteSignature } from '../../../src/sandbox/auth/incomplete-signature.ts';

function said(authorization: string | undefined, query = '', headers: Record<string, string> = {}) {
  return incompleteSignature({
    method: 'POST',
    path: '/',
    query,
    headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
  });
}

const date = { 'x-amz-date': '20261121T090000Z' };

describe('a signature that is not the whole of one', () => {
  it('is none at all', () => {
    expect(said(undefined)).toEqual({ code: 'MissingAuthenticationTokenException', text: 'Missing Authentication Token' });
    // The algorithm is what makes a query a signed one.
    expect(said(undefined, 'X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-SignedHeaders=c&X-Amz-Date=d').code).toBe(
      'MissingAuthenticationTokenException',
    );
  });

  it('lacks parts of its header, which are named', () => {
    expect(said('X')).toEqual({
      code: 'IncompleteSignatureException',
      text:
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
        "Authorization header requires 'SignedHeaders' parameter. " +
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=X",
    });
    for (const header of ['AWS4- Signature=b Credential=a', 'AWS4- Signature=b,Credential=a', 'AWS4- Signature=b, Credential=a']) {
      expect(said(header, '', date).text).toBe(`Authorization header requires 'SignedHeaders' parameter. Authorization=${header}`);
    }
  });

  it('lacks parameters of its query, which are named', () => {
    const required = ['Algorithm', 'Credential', 'Signature', 'SignedHeaders', 'Date'].map(
      (name) => `AWS query-string parameters must include 'X-Amz-${name}'.`,
    );
    expect(said(undefined, 'X-Amz-Algorithm=')).toEqual({
      code: 'IncompleteSignatureException',
      text: `${required.join(' ')} Re-examine the query-string parameters.`,
    });
    expect(said(undefined, 'X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&X-Amz-Date=d').text).toBe(
      "AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters.",
    );
  });

  it('is one in the header and one in the query', () => {
    expect(said('AWS4-HMAC-SHA256 …', 'X-Amz-Algorithm=AWS4-HMAC-SHA256')).toEqual({
      code: 'InvalidSignatureException',
      text: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    });
  });
});
