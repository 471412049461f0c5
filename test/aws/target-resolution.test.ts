import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveTarget } from '../../src/aws/target-resolution.ts';
import { UserError } from '../../src/util/user-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'target-resolution-'));
writeFileSync(join(folder, 'config'), '[default]\nregion = eu-west-1\n[profile class]\nregion = eu-central-1\n');
writeFileSync(join(folder, 'empty'), '');
const noFiles = { AWS_CONFIG_FILE: join(folder, 'empty'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'empty') };
const withFiles = { ...noFiles, AWS_CONFIG_FILE: join(folder, 'config') };

describe('the target aws', () => {
  it('is billed, has no endpoint, and credentials that are looked up when they are needed', async () => {
    const target = await resolveTarget({ target: 'aws', region: 'us-east-1', env: noFiles });
    expect(target).toMatchObject({ label: 'aws', region: 'us-east-1', billed: true, propagationMs: 60_000 });
    expect(target).not.toHaveProperty('endpoint');
    expect(target.credentials).toBeTypeOf('function');
  });

  it.each([
    ['the option', { region: 'us-west-2' }, { ...withFiles, AWS_REGION: 'us-east-2' }, 'us-west-2'],
    ['AWS_REGION', {}, { ...withFiles, AWS_REGION: 'us-east-2', AWS_DEFAULT_REGION: 'us-west-1' }, 'us-east-2'],
    ['AWS_DEFAULT_REGION', {}, { ...withFiles, AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-1' }, 'us-west-1'],
    ['the profile', { profile: 'class' }, withFiles, 'eu-central-1'],
    ['AWS_PROFILE', {}, { ...withFiles, AWS_PROFILE: 'class' }, 'eu-central-1'],
    ['the default profile', {}, withFiles, 'eu-west-1'],
  ])('takes its region from %s', async (_, options, env, region) => {
    expect((await resolveTarget({ target: 'aws', env, ...options })).region).toBe(region);
  });

  it('cannot be used without a region, and says how to give one', async () => {
    const resolving = resolveTarget({ target: 'aws', env: noFiles });
    await expect(resolving).rejects.toThrow('The AWS region is not known.');
    await expect(resolving).rejects.toMatchObject({ exitCode: 3, hint: expect.stringContaining('--region us-east-1') });
  });

  it('refuses what is not a region', async () => {
    await expect(resolveTarget({ target: 'aws', region: 'Frankfurt', env: noFiles })).rejects.toThrow(
      '"Frankfurt" is not the name of an AWS region.',
    );
  });

  it('is the endpoint of AWS_ENDPOINT_URL where that is set', async () => {
    const target = await resolveTarget({ target: 'aws', env: { ...noFiles, AWS_ENDPOINT_URL: 'http://localhost:4566' } });
    expect(target).toMatchObject({ label: 'http://localhost:4566', endpoint: 'http://localhost:4566', billed: false });
  });
});

describe('a URL as target', () => {
  it('costs nothing, and takes the credentials and the region that emulators take', async () => {
    expect(await resolveTarget({ target: 'http://localhost:4566/', env: noFiles })).toEqual({
      label: 'http://localhost:4566',
      endpoint: 'http://localhost:4566',
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      propagationMs: 10_000,
      billed: false,
    });
  });

  it('takes the credentials of the environment', async () => {
    const env = { ...noFiles, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' };
    const target = await resolveTarget({ target: 'http://localhost:4566', env });
    expect(target.credentials).toEqual({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' });
  });

  it('prefers a profile that is asked for to the keys of the environment', async () => {
    const env = { ...noFiles, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    expect((await resolveTarget({ target: 'http://localhost:4566', profile: 'class', env })).credentials).toBeTypeOf('function');
  });

  it('is billed, and never gets made-up credentials, where it is an endpoint of AWS', async () => {
    const target = await resolveTarget({ target: 'https://kinesis.us-east-1.amazonaws.com', env: { ...noFiles, AWS_REGION: 'us-east-1' } });
    expect(target).toMatchObject({ billed: true, endpoint: 'https://kinesis.us-east-1.amazonaws.com' });
    expect(target.credentials).toBeTypeOf('function');
  });

  it.each(['localstack', 'localhost:4566', 'ftp://localhost'])('is not %s', async (target) => {
    const resolving = resolveTarget({ target, env: noFiles });
    await expect(resolving).rejects.toBeInstanceOf(UserError);
    await expect(resolving).rejects.toThrow(`The target "${target}" is neither sandbox, nor aws, nor a URL.`);
  });

  it('does not hold a password, and the message does not repeat it', async () => {
    await expect(resolveTarget({ target: 'http://me:secret@localhost:1', env: noFiles })).rejects.toThrow(
      /^The URL of the target localhost:1 holds a user or a password\.$/,
    );
  });
});
