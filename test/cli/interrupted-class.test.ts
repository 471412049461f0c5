import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { folderName } from '../../src/runner/reporters/verification-gradescope.ts';
import { readVerification } from '../../src/runner/reporters/verification-json.ts';
import type { StudentMarks } from '../../src/runner/verify/verification.ts';
import { parseFault } from '../../src/sandbox/fault.ts';
import { type Pupil, pupils, rosterOf, seat } from '../support/classroom.ts';
import { cli, type Ended, RunningCli, temporaryFolder } from '../support/cli.ts';
import { labPlan } from '../support/lab-plan.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { elementsOf } from '../support/markup.ts';
import { patience } from '../support/patience.ts';

const lasting = lastingSandbox();
const home = temporaryFolder();
const situations = ['perfect', 'wrong batch size', 'perfect', 'half done'] as const;
const everybody = pupils(situations.length).map((pupil, index): Pupil => ({ ...pupil, situation: situations[index] ?? 'perfect' }));
const [, , silent] = everybody;

const formats = (name: string) =>
  ['json=m.json', 'csv=m.csv', 'html=m.html', 'markdown=m.md', 'junit=m.xml', 'gradescope=marks']
    .map((each) => each.replace('=m', `=${name}`))
    .join(',');
const args = (name: string, ...more: readonly string[]) => ['verify', '01', '--roster', 'class.csv', '--report', formats(name), ...more];
const options = { home, cwd: home };

function read(file: string): string {
  return readFileSync(join(home, file), 'utf8');
}

/** What is known of each student, without when and how it was asked. */
function marksIn(file: string): readonly unknown[] {
  return readVerification(read(file), file).students.map(({ student, state, points, learner, problem, steps }: StudentMarks) => ({
    student,
    state,
    points,
    learner,
    problem,
    steps: steps.map(({ evidence: { resources }, ...step }) => ({ ...step, resources })),
  }));
}

describe('Ctrl-C in the middle of a class', () => {
  let ended: Ended;

  beforeAll(async () => {
    const plan = await labPlan('01');
    await Promise.all(everybody.map((pupil) => seat(pupil, lasting.sandbox, plan)));
    writeFileSync(join(home, 'class.csv'), rosterOf(everybody));
    // Nobody before is waited for. The third student's account answers nothing, so that the fourth is not come to.
    lasting.sandbox.faults.add(parseFault(`*=600s,times=100000,account=${silent?.account}`));
    const program = new RunningCli(args('m', '--concurrency', '1'), { ...options, env: lasting.env });
    await vi.waitUntil(() => (lasting.sandbox.faults.list[0]?.met ?? 0) > 0, patience);
    program.kill('SIGINT');
    ended = await program.ended();
    lasting.sandbox.faults.clear();
  });

  it('ends with 130, and says what is known and how to go on', () => {
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('Interrupted. What is known so far is reported.');
    expect(ended.stdout).toContain('4 students: 1 met, 1 not met, 0 absent, 2 could not be checked');
    expect(ended.stdout).toContain('--only unchecked --from');
  });

  it('leaves a whole report in each format, with a zero for nobody who was not looked at', () => {
    const { students } = readVerification(read('m.json'), 'm.json');
    expect(students.map(({ state, points, problem }) => [state, points.earned, points.unchecked, problem?.message])).toEqual([
      ['met', 100, 0, undefined],
      ['not-met', 95, 0, undefined],
      ['unchecked', 0, 100, expect.stringMatching(/^It was interrupted before it was done\./)],
      ['unchecked', 0, 100, 'It was interrupted before this student was looked at.'],
    ]);
    expect(read('m.csv').trim().split('\n')).toHaveLength(5);
    expect(read('m.html')).toMatch(/^<!doctype html>(?:.|\n)*<\/html>\s*$/i);
    expect(read('m.md')).toContain('**Interrupted: not everybody was looked at.**');
    expect(elementsOf(read('m.xml')).filter(({ name }) => name === 'error')).toHaveLength(20);
    const results = students.map(({ student }) => join('marks', folderName(student), 'results.json'));
    expect(results.map((file) => existsSync(join(home, file)) && 'score' in JSON.parse(read(file)))).toEqual([true, true, false, false]);
  });

  it('is gone on with for the rest, and comes to the same marks as when nobody interrupts it', async () => {
    const again = await cli(args('m', '--only', 'unchecked', '--from', 'm.json'), { ...options, env: lasting.env });
    expect(again).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('4 students: 2 met, 2 not met, 0 absent, 0 could not be checked'),
    });
    expect(await cli(args('whole'), { ...options, env: lasting.env })).toMatchObject({ code: 1 });
    expect(marksIn('m.json')).toEqual(marksIn('whole.json'));
  });
});
