import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsSession, openSession } from '../../src/aws/session.ts';
import { createWait } from '../../src/aws/wait.ts';
import { wallClock } from '../../src/util/clock.ts';
import { cli, temporaryFolder } from '../support/cli.ts';
import { inventory } from '../support/inventory.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';

const log = 'log group /aws/lambda/kinesisEventLogger';
const lasting = lastingSandbox({ virtualTime: true });
const home = temporaryFolder();
let aws: AwsSession;

const run = (...args: readonly string[]) => cli(args, { home, env: lasting.env });
const alive = () => inventory(aws);

beforeAll(() => {
  aws = openSession({ target: lasting.target, clock: wallClock, wait: createWait({ clock: wallClock }) });
});
afterAll(() => aws.destroy());

describe('a student who keeps the logs', () => {
  it('has finished the lab for whoever looks, and has them removed by the next clean', async () => {
    expect(await run('start', '01', '--yes', '--keep')).toMatchObject({ code: 0 });
    expect(await alive()).toHaveLength(5);
    const cleaned = await run('clean', '--keep-logs');
    expect(cleaned).toMatchObject({ code: 0, stdout: expect.stringContaining(`– ${log} stays: kept, as you asked`) });
    expect(cleaned.stdout.replace(/\s+/g, ' ')).toContain('It shows that the lab was done. To store logs costs about $0.03 a month');
    expect(await alive()).toEqual([log]);
    expect((await run('status')).stdout).toContain(log);

    const looked = await run('verify', '01', '--expect', 'finished');
    expect(looked).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ Met. 80 of 80 points.') });

    const kept = await run('clean', '--keep-logs');
    expect(kept).toMatchObject({ code: 0, stdout: expect.stringContaining('kinesis-labs clean removes it') });
    expect(kept.stdout).not.toContain('Removing');
    expect(await alive()).toEqual([log]);

    expect(await run('clean')).toMatchObject({ code: 0, stdout: expect.stringContaining(`✓ ${log}`) });
    expect(await alive()).toEqual([]);
    expect((await run('status')).stdout).toBe('Nothing is alive.\n');
  });
});
