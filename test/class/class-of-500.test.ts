import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EarlierVerification, readVerification } from '../../src/runner/reporters/verification-json.ts';
import { reasons } from '../../src/runner/reporters/verification-words.ts';
import { built, finished, foreignProfile, type Pupil, pupils, rosterOf, seat, situations } from '../support/classroom.ts';
import { RunningCli, temporaryFolder } from '../support/cli.ts';
import { labPlan } from '../support/lab-plan.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { keySettings, writeProfiles } from '../support/profiles.ts';

const lasting = lastingSandbox();
const class_ = pupils(500);
const home = temporaryFolder();
// Seating does not wait for what is measured.
const seatedAtOnce = 16;
const mostMs = 240_000;

interface Seen {
  readonly code: number | null;
  readonly stdout: string;
  readonly report: EarlierVerification;
  readonly durationMs: number;
  readonly cpuMs: number;
  /** The most memory that the process had. */
  readonly megabytes: number;
}

/** The program in a process of its own, as an instructor runs it. */
async function look(students: readonly Pupil[], expected: 'built' | 'finished', ...more: readonly string[]): Promise<Seen> {
  const name = `${expected}-${students.length}-${more.length}`;
  writeFileSync(join(home, `${name}.csv`), rosterOf(students));
  writeFileSync(
    join(home, 'measure.mjs'),
    "import { writeFileSync } from 'node:fs';\nprocess.on('exit', () => writeFileSync(process.env.MEASURED, JSON.stringify(process.resourceUsage())));\n",
  );
  const env = { ...lasting.env, MEASURED: join(home, `${name}.used`), NODE_OPTIONS: `--import ${join(home, 'measure.mjs')}` };
  const args = [
    'verify',
    '01',
    '--roster',
    `${name}.csv`,
    '--expect',
    expected,
    '--report',
    `json=${name}.json,csv=${name}-marks.csv`,
    '-q',
  ];
  const running = new RunningCli([...args, ...more], { home, cwd: home, env, mostMs });
  const { code, stdout, stderr } = await running.ended();
  if (![0, 1, 3].includes(Number(code))) throw new Error(`It ended with ${code}: ${stderr}${stdout}`);
  const text = readFileSync(join(home, `${name}.json`), 'utf8');
  const { summary } = JSON.parse(text) as { readonly summary: { readonly durationMs: number } };
  const used = JSON.parse(readFileSync(join(home, `${name}.used`), 'utf8')) as NodeJS.ResourceUsage;
  const cpuMs = (used.userCPUTime + used.systemCPUTime) / 1_000;
  const megabytes = used.maxRSS / 1_024;
  const [seconds, cpu] = [summary.durationMs, cpuMs].map((ms) => (ms / 1_000).toFixed(1));
  process.stderr.write(`${students.length} students: ${seconds} s (${cpu} s of processor), ${megabytes.toFixed(0)} MB\n`);
  return { code, stdout, report: readVerification(text, name), durationMs: summary.durationMs, cpuMs, megabytes };
}

describe('a class of 500', () => {
  let seen: { readonly small: Seen; readonly built: Seen; readonly finished: Seen };

  beforeAll(async () => {
    const plan = await labPlan('01');
    writeProfiles(home, { [foreignProfile]: keySettings(lasting.sandbox.credentialsOf('999999999999')) });
    const rest = class_.values();
    const seatOne = async (): Promise<void> => {
      for (const pupil of rest) await seat(pupil, lasting.sandbox, plan);
    };
    await Promise.all(Array.from({ length: seatedAtOnce }, seatOne));
    const limit = ['--time-limit', '8'];
    seen = {
      small: await look(class_.slice(0, 50), 'built', ...limit),
      built: await look(class_, 'built', ...limit),
      finished: await look(class_, 'finished', ...limit),
    };
  });

  it.each(situations)('tells of each what was to be built: %s', (situation) => {
    const { state, earned, unchecked = 0, says } = built[situation];
    const marks = seen.built.report.students.filter(({ columns }) => columns['situation'] === situation);
    expect(marks.length).toBeGreaterThanOrEqual(45);
    for (const each of marks) {
      expect(each).toMatchObject({ state, points: { earned, possible: 100, unchecked } });
      for (const words of says) expect(reasons(each)).toContain(words);
    }
  });

  it.each(situations)('tells of each what was to be gone: %s', (situation) => {
    const { state, earned, unchecked = 0, says } = finished[situation];
    for (const each of seen.finished.report.students.filter(({ columns }) => columns['situation'] === situation)) {
      expect(each).toMatchObject({ state, points: { earned, possible: 80, unchecked } });
      for (const words of says) expect(reasons(each)).toContain(words);
    }
  });

  it('has everybody in the order of the roster', () => {
    expect(seen.built.report.students.map(({ student }) => student)).toEqual(class_.map(({ student }) => student));
  });

  // How long it takes by the clock depends on the machine, and on what else it does.
  it('takes no more of a processor for each student than one of 50', () => {
    expect(seen.built.cpuMs / seen.built.report.students.length).toBeLessThan(seen.small.cpuMs / seen.small.report.students.length);
  });

  it('takes no more memory than one of 50, but for what V8 compiles of code that runs that often', () => {
    for (const { megabytes } of [seen.built, seen.finished]) expect(megabytes).toBeLessThan(seen.small.megabytes * 1.25);
  });
});
