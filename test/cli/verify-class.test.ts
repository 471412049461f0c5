import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readVerification } from '../../src/runner/reporters/verification-json.ts';
import { reasons } from '../../src/runner/reporters/verification-words.ts';
import type { StudentMarks } from '../../src/runner/verify/verification.ts';
import { built, finished, foreignProfile, type Judgement, pupils, rosterOf, seat, situations } from '../support/classroom.ts';
import { cli, type Ended, temporaryFolder } from '../support/cli.ts';
import { labPlan } from '../support/lab-plan.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { keySettings, writeProfiles } from '../support/profiles.ts';

const lasting = lastingSandbox();
const everybody = pupils(situations.length);
// Accounts that answer nothing for as long as somebody waits.
const isSilent = (situation: string): boolean => situation === 'throttled' || situation === 'dead region';
const home = temporaryFolder();

interface Seen {
  readonly ended: Ended;
  readonly marks: ReadonlyMap<string, StudentMarks>;
  readonly csv: string;
}

async function look(roster: string, expected: 'built' | 'finished', ...more: readonly string[]): Promise<Seen> {
  const report = join(home, `${roster}-${expected}`);
  const args = ['--roster', roster, '--expect', expected, '--report', `json=${report}.json,csv=${report}.csv`];
  const ended = await cli(['verify', '01', ...args, ...more], { home, cwd: home, env: lasting.env });
  if (ended.code === 2) throw new Error(ended.stderr);
  const { students } = readVerification(readFileSync(`${report}.json`, 'utf8'), 'the report');
  const marks = new Map(students.map((each) => [String(each.columns['situation']), each]));
  return { ended, marks, csv: readFileSync(`${report}.csv`, 'utf8') };
}

function judgedAs(marks: StudentMarks | undefined, { state, earned, unchecked = 0, says }: Judgement): void {
  expect(marks).toMatchObject({ state, points: { earned, unchecked } });
  const said = marks === undefined ? '' : reasons(marks);
  for (const words of says) expect(said).toContain(words);
  if (says.length === 0) expect(said).toBe('');
}

describe('a class that is verified', () => {
  let seen: { readonly built: Seen; readonly finished: Seen; readonly silent: Seen };

  beforeAll(async () => {
    const plan = await labPlan('01');
    await Promise.all(everybody.map((pupil) => seat(pupil, lasting.sandbox, plan)));
    writeFileSync(join(home, 'class.csv'), rosterOf(everybody.filter(({ situation }) => !isSilent(situation))));
    writeFileSync(join(home, 'silent.csv'), rosterOf(everybody.filter(({ situation }) => isSilent(situation))));
    writeProfiles(home, { [foreignProfile]: keySettings(lasting.sandbox.credentialsOf('999999999999')) });
    seen = {
      built: await look('class.csv', 'built'),
      finished: await look('class.csv', 'finished'),
      silent: await look('silent.csv', 'built', '--time-limit', '1'),
    };
  });

  it.each(situations)('tells of what was to be built: %s', (situation) => {
    judgedAs((isSilent(situation) ? seen.silent : seen.built).marks.get(situation), built[situation]);
  });

  it.each(situations.filter((each) => !isSilent(each)))('tells of what was to be gone: %s', (situation) => {
    judgedAs(seen.finished.marks.get(situation), finished[situation]);
  });

  it('goes on with those who could not be checked, and keeps what is known of the others', async () => {
    const late = everybody.find(({ situation }) => situation === 'no role to assume');
    if (late === undefined) throw new Error('Nobody is without a role.');
    await seat({ ...late, situation: 'torn down' }, lasting.sandbox, await labPlan('01'));
    const from = join(home, 'class.csv-built.json');
    const again = await look('class.csv', 'built', '--only', 'unchecked', '--from', from);
    expect(again.ended.stdout).toContain('9 students: 1 met, 5 not met, 2 absent, 1 could not be checked');
    expect(again.marks.get('perfect')).toEqual(seen.built.marks.get('perfect'));
    expect(again.marks.get('no role to assume')).toMatchObject({ state: 'absent', points: { unchecked: 0 } });
  });

  it('shows no ExternalId to those who read the reports', () => {
    expect(JSON.stringify([...seen.built.marks.values()])).not.toContain('class-of-2026');
  });

  it('ends with the exit code of those who could not be checked, because the marks are not whole', () => {
    expect(seen.built.ended.code).toBe(3);
    expect(seen.built.ended.stdout).toContain('9 students: 1 met, 5 not met, 1 absent, 2 could not be checked');
  });
});

describe('a command line that cannot be meant', () => {
  it('is refused where its profile is not there, and not once for each student', async () => {
    const { code, stdout, stderr } = await cli(['verify', '01', '--roster', 'class.csv', '--profile', 'nobody'], {
      home,
      cwd: home,
      env: lasting.env,
    });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('There is no profile "nobody"');
  });

  it.each([
    [['--only', 'failed'], '--only and --from belong together.'],
    [['--only', 'failed', '--from', 'a.json'], '--only is about a class, and needs its roster.'],
    [['--external-id', 'x'], '--external-id is of use only with --role-arn.'],
    [['--roster', 'a.csv', '--role-arn', 'arn:aws:iam::123456789012:role/x'], 'With --roster, the roster says which role'],
    [['--target', 'sandbox'], 'The sandbox in this program is new and empty'],
    [['--concurrency', '0'], '--concurrency wants a number from 1 to 200, and got "0".'],
    [['--report', 'xls=a'], '--report wants'],
  ])('%j is refused before anything is asked', async (args, message) => {
    const { code, stderr } = await cli(['verify', '01', ...args], { env: { AWS_REGION: 'us-east-1' } });
    expect([code, stderr.replace(/\s+/g, ' ')]).toEqual([2, expect.stringContaining(message)]);
  });
});
