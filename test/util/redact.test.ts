import { describe, expect, it } from 'vitest';
import { masked, redacted } from '../../src/util/redact.ts';
import { keepSecret } from '../../src/util/secrets.ts';

const keyId = 'ASIAIOSFODNN7EXAMPLE';
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const token = `IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3Qt${'abcDEF012+/'.repeat(20)}==`;
const signature = 'fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024';

describe('credentials that nobody has told the program about', () => {
  it.each([
    ['a file of credentials', `aws_access_key_id = ${keyId}\naws_secret_access_key = ${secret}\naws_session_token = ${token}\n`],
    ['lines to export', `export AWS_SECRET_ACCESS_KEY=${secret}\nexport AWS_SESSION_TOKEN='${token}'`],
    ['an answer of STS', JSON.stringify({ Credentials: { AccessKeyId: keyId, SecretAccessKey: secret, SessionToken: token } })],
    ['JSON inside JSON', JSON.stringify({ log: JSON.stringify({ SecretAccessKey: secret, SessionToken: token }) })],
    [
      'an answer of STS in XML',
      `<AccessKeyId>${keyId}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>${token}</SessionToken>`,
    ],
    ['the text output of the AWS CLI', `CREDENTIALS\t${keyId}\t2026-11-21T15:00:00+00:00\t${secret}\t${token}`],
    ['a table of keys', `User name,Access key ID,Secret access key\nada,${keyId},${secret}\n`],
    ['an environment that a function logs', `{ AWS_SECRET_ACCESS_KEY: '${secret}', AWS_SESSION_TOKEN: '${token}' }`],
    ['a command', `aws configure set aws_secret_access_key ${secret}`],
    ['a token by itself', `The token is ${token}.`],
    [
      'an Authorization header',
      `Authorization: AWS4-HMAC-SHA256 Credential=${keyId}/20261121/us-east-1/kinesis/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    ],
    ['the header as JSON', JSON.stringify({ authorization: `Bearer ${token}` })],
    [
      'a canonical request, as AWS shows it when a signature is wrong',
      `'POST\n/\n\nhost:kinesis.us-east-1.amazonaws.com\nx-amz-security-token:${token}\n\nhost'`,
    ],
    [
      'a signed URL',
      `Fetch https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${keyId}%2F20261121&X-Amz-Signature=${signature} now`,
    ],
    ['a signed URL in JSON', '{"Location":"https://b.s3.amazonaws.com/k?a=1\\u0026X-Amz-Security-Token=abc"}'.replace('abc', token)],
    ['a signed URL in XML', `https://b.s3.amazonaws.com/k?a=1&amp;X-Amz-Signature=${signature}`],
    ['a password in a URL', `http://ada:${secret.replaceAll('/', '')}@127.0.0.1:4566/`],
    ['a password on a command line', `/opt/login --password hunter2 --user ada`],
  ])('are taken out of %s', (_, text) => {
    const shown = masked(text);
    for (const part of [keyId, secret, secret.replaceAll('/', ''), token.slice(40, 60), signature, 'hunter2'])
      expect(shown).not.toContain(part);
    expect(shown).toMatch(/<hidden>|<signed URL>/);
  });

  it('leave what stands around them as it is', () => {
    expect(masked(`{"AccessKeyId": "${keyId}", "n": 1, "SecretAccessKey": "${secret}"}`)).toBe(
      '{"AccessKeyId": "<hidden>", "n": 1, "SecretAccessKey": "<hidden>"}',
    );
    expect(masked(`see https://x.test/a?X-Amz-Signature=${signature}, and go on`)).toBe('see <signed URL> and go on');
  });
});

describe('what is no secret', () => {
  it.each([
    'The security token included in the request is invalid.',
    'The security token included in the request is expired',
    'arn:aws:sts::123456789012:assumed-role/ada-role/i-0123456789abcdef0',
    'shardId-000000000000 49590338271490256608559692538361571095921575989136588898',
    'AAAAAAAAAAHSywljv0zEgPX4NyKdZ5wryMzP9yALs8NeKbUjp1IxtZs1Sp+KEd9I6AJ9ZG4lNR1EMi+9Md/nHvtLyxpfhEzYvkTZ4D9DQVz/mBYWRO6OTZRKnW9gd+efGN2aHFdkH1rJl4BL9Wyrk+ghYG22D2T1Da2EyNSH1+LAbK33gQweTJADBdyMwlo5r6PqcP2dzhg=',
    'commit 6b4d08751f1c0c3bb6b54a29ad0a8fbf5a1a0a0e',
    '"NextToken": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="',
    'ExpiredNextTokenException, InvalidToken: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    'http://127.0.0.1:4566/000000000000/orders',
    'The URL holds a user or a password. Give credentials otherwise.',
  ])('stays as it is: %s', (text) => {
    expect(masked(text)).toBe(text);
  });
});

describe('a secret that this process has been given', () => {
  const known = '9Zq+Xw/3rT7uVbN1mKpL0sDfGhJkQeYcAi5o2B8x';
  keepSecret(known, 'test', undefined);

  it('is hidden wherever it stands, and in whatever company', () => {
    expect(masked(`message is ${known}!`)).toBe('message is <hidden>!');
    expect(masked(`token-of-${known} ${known}${known}`)).toBe('token-of-<hidden> <hidden>');
  });

  it('is hidden where it was cut off, at either end', () => {
    expect(masked(`"${known.slice(0, 25)}…`)).toBe('"<hidden>…');
    expect(masked(`…${known.slice(15)}"`)).toBe('…<hidden>"');
  });

  it('is hidden in a URL, and in base64 wherever it lies', () => {
    expect(masked(`?k=${encodeURIComponent(known)}&x`)).toBe('?k=<hidden>&x');
    for (const before of ['', 'a', 'ab', 'abc']) {
      const data = Buffer.from(`${before}${known} and more`).toString('base64');
      const shown = masked(data);
      expect(shown).toContain('<hidden>');
      expect(Buffer.from(shown.replace('<hidden>', ''), 'base64').toString()).not.toContain(known.slice(0, 8));
    }
  });

  it('is no secret when it is shorter than those of AWS are', () => {
    expect(masked('this is a test')).toBe('this is a test');
  });
});

describe('JSON', () => {
  it('has no values under the names of secrets, however short, and none that look like one elsewhere', () => {
    const answer = {
      SecretAccessKey: 's3cr3t',
      Variables: { DB_PASSWORD: 'x', NOTE: `key ${keyId}` },
      List: [token],
      Count: 3,
      None: null,
    };
    expect(redacted(answer)).toEqual({
      SecretAccessKey: '<hidden>',
      Variables: { DB_PASSWORD: '<hidden>', NOTE: 'key <hidden>' },
      List: ['<hidden>'],
      Count: 3,
      None: null,
    });
  });
});
