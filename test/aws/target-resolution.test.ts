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

describe('the endpoint that the configuration of AWS programs leads to', () => {
  const files = (text: string): Record<string, string> => {
    const file = join(mkdtempSync(join(tmpdir(), 'target-resolution-')), 'config');
    writeFileSync(file, text);
    return { ...noFiles, AWS_CONFIG_FILE: file, AWS_REGION: 'us-east-1' };
  };
  const resolved = (env: Record<string, string>) => resolveTarget({ target: 'aws', env });

  it('is that of the environment before that of the profile', async () => {
    const env = files('[default]\nendpoint_url = http://localhost:1\n');
    expect(await resolved(env)).toMatchObject({ endpoint: 'http://localhost:1' });
    expect(await resolved({ ...env, AWS_ENDPOINT_URL: 'http://localhost:2' })).toMatchObject({ endpoint: 'http://localhost:2' });
  });

  it('is none where that is to be ignored', async () => {
    const env = { ...files(''), AWS_ENDPOINT_URL: 'http://localhost:2', AWS_ENDPOINT_URL_IAM: 'http://localhost:3' };
    expect(await resolved({ ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' })).toMatchObject({ label: 'aws', billed: true });
    const ignoring = files('[default]\nignore_configured_endpoint_urls = true\nendpoint_url = http://localhost:1\n');
    expect((await resolved(ignoring)).endpoint).toBeUndefined();
  });

  it('is refused where one service is led elsewhere than the others', async () => {
    const env = { ...files(''), AWS_ENDPOINT_URL_KINESIS: 'http://localhost:1' };
    await expect(resolved(env)).rejects.toThrow('AWS_ENDPOINT_URL_KINESIS leads to http://localhost:1, and the other services are at AWS.');
    expect(await resolved({ ...env, AWS_ENDPOINT_URL: 'http://localhost:1' })).toMatchObject({ endpoint: 'http://localhost:1' });
    const section = '[default]\nservices = local\n[services local]\ncloudwatch_logs =\n  endpoint_url = http://localhost:9\n';
    await expect(resolved(files(section))).rejects.toThrow('cloudwatch_logs.endpoint_url of the profile leads to http://localhost:9');
  });
});

describe('a URL as target', () => {
  it('costs nothing, and takes the credentials and the region that emulators take', async () => {
    expect(await resolveTarget({ target: 'http://localhost:4566/', env: noFiles })).toEqual({
      label: 'http://localhost:4566',
      endpoint: 'http://localhost:4566',
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      propagationMs: 20_000,
      billed: false,
    });
  });

  it('takes the credentials of the environment', async () => {
    const env = { ...noFiles, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' };
    const target = await resolveTarget({ target: 'http://localhost:4566', env });
    expect(target.credentials).toEqual({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' });
  });

  it('prefers a profile that is asked for to the keys of the environment', async () => {
    const env = { ...withFiles, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    const target = await resolveTarget({ target: 'http://localhost:4566', profile: 'class', env });
    expect(target.credentials).toBeTypeOf('function');
    expect(target.billed).toBe(true);
  });

  it('is billed, and never gets made-up credentials, where it is an endpoint of AWS', async () => {
    const target = await resolveTarget({ target: 'https://kinesis.us-east-1.amazonaws.com', env: { ...noFiles, AWS_REGION: 'us-east-1' } });
    expect(target).toMatchObject({ billed: true, endpoint: 'https://kinesis.us-east-1.amazonaws.com' });
    expect(target.credentials).toBeTypeOf('function');
  });

  it.each([
    'http://127.0.0.1:4566',
    'http://localhost:4566',
    'http://[::1]:4566',
    'http://s3.localhost:4566',
    'https://localhost.localstack.cloud:4566',
    'http://localstack:4566',
    'http://host.docker.internal:4566',
    'http://192.168.1.5:4566',
    'http://172.16.0.2:4566',
  ])('is this machine or one next to it, and costs nothing: %s', async (target) => {
    expect(await resolveTarget({ target, env: noFiles })).toMatchObject({ billed: false });
  });

  it.each([
    'https://kinesis.us-east-1.amazonaws.com',
    'https://vpce-1-abc.kinesis.us-east-1.vpce.amazonaws.com',
    'https://kinesis.us-east-1.api.aws',
    'https://kinesis.cn-north-1.amazonaws.com.cn',
    'https://aws.example.com',
    'https://127.0.0.1.example.com',
    'https://10.example.com',
    'http://172.32.0.1',
    'http://8.8.8.8',
  ])('is taken for a way to AWS, and may cost something: %s', async (target) => {
    expect(await resolveTarget({ target, region: 'us-east-1', env: noFiles })).toMatchObject({ billed: true });
  });

  it('may cost something wherever it is, when the credentials are somebody’s profile', async () => {
    const target = await resolveTarget({ target: 'http://localhost:4566', env: { ...withFiles, AWS_PROFILE: 'class' } });
    expect(target.billed).toBe(true);
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
