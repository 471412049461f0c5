import { createServer } from 'node:net';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListStreamsCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it, vi } from 'vitest';
import { cli, RunningCli } from '../support/cli.ts';
import { patience } from '../support/patience.ts';

function exportsOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/^export (\w+)='?([^'\n]+)'?$/gm)].map(([, name = '', value = '']) => [name, value]));
}

function clientOf(environment: Readonly<Record<string, string>>): KinesisClient {
  return new KinesisClient({
    endpoint: environment['AWS_ENDPOINT_URL'] ?? '',
    region: environment['AWS_REGION'] ?? '',
    credentials: { accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '' },
    maxAttempts: 1,
  });
}

describe('sandbox', () => {
  it('prints what to export, and answers those who do', async () => {
    const running = new RunningCli(['sandbox']);
    await running.shows('AWS_DEFAULT_REGION');
    const environment = exportsOf(running.stdout);
    expect(Object.keys(environment)).toEqual([
      'AWS_ENDPOINT_URL',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
    ]);
    const kinesis = clientOf(environment);
    expect(await kinesis.send(new ListStreamsCommand({}))).toMatchObject({ StreamNames: [] });
    kinesis.destroy();
    running.kill('SIGINT');
    expect(await running.ended()).toMatchObject({ code: 0 });
  });

  it('prints the same as JSON, with the port, and takes away what would be in the way', async () => {
    const running = new RunningCli(['sandbox', '--json', '--region', 'eu-central-1']);
    await running.shows('\n');
    const { endpoint, port, account, environment } = JSON.parse(running.stdout);
    expect(endpoint).toBe(`http://127.0.0.1:${port}`);
    expect(account).toBe('000000000000');
    expect(environment).toMatchObject({ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-central-1' });
    running.kill('SIGTERM');
    expect(await running.ended()).toMatchObject({ code: 0, stderr: '' });
  });

  it('can do without the limits of shards, and can take as long as AWS', async () => {
    const programs = [new RunningCli(['sandbox', '--no-shard-limits']), new RunningCli(['sandbox', '--realistic'])] as const;
    for (const program of programs) await program.shows('AWS_DEFAULT_REGION');
    const [quick, slow] = [clientOf(exportsOf(programs[0].stdout)), clientOf(exportsOf(programs[1].stdout))];
    const status = async (client: KinesisClient) =>
      (await client.send(new DescribeStreamSummaryCommand({ StreamName: 's' }))).StreamDescriptionSummary?.StreamStatus;
    await slow.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    await quick.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    await vi.waitUntil(async () => (await status(quick)) === 'ACTIVE', patience);
    expect(await status(slow)).toBe('CREATING');
    const iterator = new GetShardIteratorCommand({ StreamName: 's', ShardId: '0', ShardIteratorType: 'LATEST' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => quick.send(iterator)));
    expect(answers.filter(({ ShardIterator }) => ShardIterator)).toHaveLength(20);
    for (const client of [quick, slow]) client.destroy();
    for (const program of programs) program.kill('SIGINT');
    for (const program of programs) expect(await program.ended()).toMatchObject({ code: 0 });
  });

  it('lets other machines in when it is told to in so many words, and says what that means', async () => {
    const running = new RunningCli(['sandbox', '--host', '0.0.0.0']);
    await running.shows('AWS_DEFAULT_REGION');
    expect(exportsOf(running.stdout)['AWS_ENDPOINT_URL']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    running.kill('SIGINT');
    expect(await running.ended()).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Other machines can reach this sandbox\./) });
  });

  it.each(['192.0.2.1', 'no-such-host.invalid'])('says that %s is not there to listen on', async (host) => {
    const { code, stderr } = await cli(['sandbox', '--host', host]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(`"${host}" is no address of this machine.`) });
  });

  it('says that a port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { code, stderr } = await cli(['sandbox', '--port', String(port)]);
    server.close();
    expect(stderr).toContain(`Port ${port} is in use already.`);
    expect(code).toBe(3);
  });

  it('has the accounts that it is told to have, and a key for each', async () => {
    const running = new RunningCli(['sandbox', '--json', '--accounts', '3']);
    await running.shows('\n');
    const { account, environment, accounts } = JSON.parse(running.stdout);
    expect(accounts).toHaveLength(3);
    expect(accounts[0]).toEqual({
      account,
      accessKeyId: environment.AWS_ACCESS_KEY_ID,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
    });
    const kinesis = new KinesisClient({ endpoint: environment.AWS_ENDPOINT_URL, region: 'us-east-1', credentials: accounts[2] });
    await kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 's' }));
    expect(summary.StreamDescriptionSummary?.StreamARN).toBe(`arn:aws:kinesis:us-east-1:${accounts[2].account}:stream/s`);
    kinesis.destroy();
    running.kill('SIGINT');
    expect(await running.ended()).toMatchObject({ code: 0 });
  });

  it('takes any credentials when it is told to, and says who may come then', async () => {
    const running = new RunningCli(['sandbox', '--any-credentials', '--speed', '50', '--print', 'powershell']);
    await running.shows('AWS_DEFAULT_REGION');
    const [, endpoint = ''] = /^\$env:AWS_ENDPOINT_URL = '(.+)'$/m.exec(running.stdout) ?? [];
    const kinesis = new KinesisClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: '123456789012', secretAccessKey: 'x' },
    });
    expect(await kinesis.send(new ListStreamsCommand({}))).toMatchObject({ StreamNames: [] });
    kinesis.destroy();
    running.kill('SIGINT');
    expect(await running.ended()).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Every program on this machine can use this sandbox/),
    });
  });

  it.each([
    [['--any-credentials', '--host', '0.0.0.0'], 'would let everybody who can reach this machine run programs here'],
    [['--speed', '2', '--virtual-time'], "'--virtual-time' cannot be used with option '--speed <factor>'"],
    [['--speed', 'fast'], '--speed wants a factor above 0, 100 at most, and got "fast".'],
    [['--accounts', 'missing.txt'], 'missing.txt cannot be read: there is no such file.'],
    [['--print', 'cmd'], 'Allowed choices are bash, zsh, fish, powershell, profile.'],
  ])('refuses %j', async (flags, message) => {
    const { code, stdout, stderr } = await cli(['sandbox', ...flags]);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});
