import { describe, expect, it } from 'vitest';
import { quickDelays } from '../../src/sandbox/delays.ts';
import { checkOptions, delaysOf, type SandboxOptions } from '../../src/sandbox/options.ts';
import { startSandbox } from '../../src/sandbox/start.ts';

/** As a program without types gives them. */
function problem(options: unknown): string {
  try {
    checkOptions(options as SandboxOptions);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('Nothing was wrong with them.');
}

describe('The options of a sandbox', () => {
  it.each([
    ['a port that is a text', { port: '4567' }, 'startSandbox wants port to be a whole number from 0 to 65535, and got "4567".'],
    ['a port that there is not', { port: 70_000 }, 'startSandbox wants port to be a whole number from 0 to 65535, and got 70000.'],
    ['no host', { host: '' }, 'startSandbox wants host to be an address of this machine, or a name of it, and got "".'],
    [
      'an account that is a number',
      { account: 123456789012 },
      'startSandbox wants account to be a text of twelve digits, and got 123456789012.',
    ],
    ['no region', { region: 'nowhere' }, 'startSandbox wants region to be the name of an AWS region, like us-east-1, and got "nowhere".'],
    ['time that stands still', { speed: 0 }, 'startSandbox wants speed to be a number above 0, and 100 at most, and got 0.'],
    ['time without an end', { speed: Number.POSITIVE_INFINITY }, 'and got Infinity.'],
    ['a word for the delays', { delays: 'realistic' }, 'startSandbox wants delays to be an object with numbers of milliseconds, and got'],
    ['a delay that there is not', { delays: { streamCreated: 0 } }, 'no option delays.streamCreated. Did you mean delays.streamCreate?'],
    ['a delay of no number', { delays: { streamCreate: '5s' } }, 'wants delays.streamCreate to be a number of milliseconds, and got "5s".'],
    ['faults as they are written', { faults: ['kinesis:PutRecord=throttle'] }, 'wants faults to be a list of what parseFault returns'],
    ['an option mistyped', { shardLimit: false }, 'startSandbox has no option shardLimit. Did you mean shardLimits?'],
    ['an option of nobody', { toString: 1 }, 'startSandbox has no option toString. There are port, host, account, region,'],
    ['a flag that is none', { anyCredentials: 'yes' }, 'startSandbox wants anyCredentials to be true or false, and got "yes".'],
    ['two clocks', { virtualTime: true, speed: 2 }, 'startSandbox takes one of virtualTime and speed, and got both.'],
    ['nothing', null, 'startSandbox takes an object with options, and got null.'],
    ['a port alone', 4567, 'startSandbox takes an object with options, and got 4567.'],
  ])('are refused by name: %s', (_, options, message) => {
    expect(problem(options)).toContain(message);
  });

  it('are refused without a word about secrets', () => {
    expect(problem({ rootKeys: [{ account: '1', accessKeyId: 'AKIA', secretAccessKey: 'hush' }] })).toBe(
      'startSandbox wants rootKeys to be a list of keys, each with an accessKeyId, a secretAccessKey, and an account of twelve digits, and got another list.',
    );
  });

  it('may be undefined, and delays may be some of them', () => {
    const given: unknown = { virtualTime: true, speed: 1, port: undefined, delays: { streamCreate: undefined } };
    expect(() => checkOptions(given as SandboxOptions)).not.toThrow();
    expect(delaysOf(given as SandboxOptions)).toEqual(quickDelays);
    expect(delaysOf({ delays: { streamCreate: 0 } })).toEqual({ ...quickDelays, streamCreate: 0 });
  });

  it('are looked at before anything is started', async () => {
    await expect(startSandbox({ account: '12' })).rejects.toThrow(
      'startSandbox wants account to be a text of twelve digits, and got "12".',
    );
  });
});

describe('A sandbox', () => {
  it('can be stopped twice', async () => {
    const sandbox = await startSandbox();
    await Promise.all([sandbox.stop(), sandbox.stop()]);
    await sandbox.stop();
  });
});
