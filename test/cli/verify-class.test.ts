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

  it('ends with the exit code of those who could not be checked, because the marks are not whole', () => {
    expect(seen.built.ended.code).toBe(3);
    expect(seen.built.ended.stdout).toContain('9 students: 1 met, 5 not met, 1 absent, 2 could not be checked');
  });
});
