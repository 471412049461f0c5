import { describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';

// Lab 01 by the program itself, on a sandbox that misbehaves. `npm run fault-matrix` tries every call of every lab.

const timeout = 120_000;

describe('a lab on a sandbox that misbehaves', () => {
  it('is met where what goes wrong passes, says what it waits for, and leaves nothing', { timeout }, async () => {
    const faults = [
      'role-propagation=10s',
      'policy-propagation=20s',
      'kinesis:CreateStream=throttle,times=2',
      'lambda:CreateEventSourceMapping=cut-after,after=1',
      'kinesis:PutRecord=cut-after',
      'logs:FilterLogEvents=empty-page,times=3',
      'lambda:DeleteFunction=cut-after',
    ];
    const { code, stdout, stderr } = await cli(['test', '01', ...faults.flatMap((fault) => ['--fault', fault])]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const what of [
      'kinesis:CreateStream to be let through (LimitExceededException)',
      'the role lambda-cli-role to be assumable by Lambda',
      'the role of kinesisEventLogger to be allowed to read the stream lambda-cli-stream',
      'lambda:DeleteFunction to be answered (the connection was closed)',
    ])
      expect(stdout).toContain(`… waiting for ${what}`);
    expect(stdout).toContain('10 of 10 steps met');
    expect(stdout).toContain('Nothing is left behind.');
  });

  it('says what is wrong where it does not pass, in its time, and leaves nothing', { timeout }, async () => {
    const { code, stdout, stderr } = await cli(['test', '01', '--fault', 'kinesis:PutRecord=error,times=99']);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(stdout).toContain('✗ AWS answered InternalFailure to kinesis:PutRecord: Internal service failure.');
    expect(stdout).not.toMatch(/\n\s+at .+:\d+:\d+|This is a bug/);
    expect(stdout).toContain('Nothing is left behind.');
  });
});
