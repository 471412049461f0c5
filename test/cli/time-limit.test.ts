import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ledgerFiles } from '../support/cli.ts';
import { profiledAccount } from '../support/lasting-sandbox.ts';
import { writeLab } from '../support/page.ts';

const owner = profiledAccount();

describe('what a lab costs and how long it may live', () => {
  it('is said before the first write and when something is kept, and status knows it', async () => {
    const args = ['start', writeLab(owner.home, ['stream']), '--yes', '--keep', '--account', owner.account, '--max-hours', '2'];
    const { code, stderr } = await owner.run(...args);
    expect(stderr).toContain('  stream orders: $0.015 an hour (for each shard, used or not');
    expect(stderr).toMatch(/What this lab creates may live until \d{4}-\d\d-\d\dT[\d:.]+Z\./);
    expect(stderr).toMatch(
      /1 resource of this lab is left, and costs about \$0\.015 an hour for as long as it exists\. Remove it by [\dTZ:.-]+; nothing does that by itself\.\n$/,
    );
    expect(code).toBe(0);
    const { stdout } = await owner.run('status');
    expect(stdout).toMatch(/ {2}to be removed by \d{4}-/);
    expect(stdout).toContain('$0.015 an hour');
    await owner.run('clean', '--yes');
  });

  it('ends a lab that goes on for longer, and removes what it has created', async () => {
    const args = ['start', writeLab(owner.home, ['stream', 'silence']), '--yes', '--account', owner.account, '--max-hours', '0.001'];
    const { code, stdout, stderr } = await owner.run(...args);
    expect(stderr).toContain('The time of this lab is over. It is ended.');
    expect(stdout).toContain('Nothing is left behind.');
    expect(code).toBe(130);
  });

  it('is told by later commands when it is over', async () => {
    const lab = writeLab(owner.home, ['stream']);
    await owner.run('start', lab, '--yes', '--keep', '--account', owner.account, '--max-hours', '1');
    const [ledger = ''] = ledgerFiles(owner.home);
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    writeFileSync(ledger, readFileSync(ledger, 'utf8').replace(/"until":"[^"]+"/, `"until":"${hourAgo}"`));
    const { stdout, stderr } = await owner.run('status');
    expect(stdout).toMatch(/ {2}over its time since \d{4}-/);
    const { stderr: reminded } = await owner.run('list');
    expect(`${stderr}${reminded}`).toMatch(/1 run is over the time that was allowed, since \d{4}-/);
    await owner.run('clean', '--yes');
  });

  it('is nothing to guess about', async () => {
    const { code, stderr } = await owner.run('start', '01', '--yes', '--max-hours', 'long');
    expect(stderr).toContain('--max-hours wants a number of hours, at most 168, and got "long".');
    expect(code).toBe(2);
  });
});
