import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { resourceKinds } from '../../runner/clean.ts';
import { findLab } from '../../runner/library.ts';
import type { Plan } from '../../runner/plan.ts';
import { verificationCsv } from '../../runner/reporters/verification-csv.ts';
import { verificationGradescope } from '../../runner/reporters/verification-gradescope.ts';
import { verificationHtml } from '../../runner/reporters/verification-html.ts';
import { readVerification, verificationJson } from '../../runner/reporters/verification-json.ts';
import { verificationJunit } from '../../runner/reporters/verification-junit.ts';
import { verificationMarkdown } from '../../runner/reporters/verification-markdown.ts';
import { accountText, classText } from '../../runner/reporters/verification-terminal.ts';
import { worstOf } from '../../runner/verdict.ts';
import { uncheckable, verifyAccount } from '../../runner/verify/account.ts';
import { probedSteps, withProbes } from '../../runner/verify/probe.ts';
import { Summary } from '../../runner/verify/summary.ts';
import type { Expectation, StudentMarks, Verification } from '../../runner/verify/verification.ts';
import { stepKinds } from '../../steps/registry.ts';
import { wallClock } from '../../util/clock.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { toJson } from '../../util/json.ts';
import { legibleLine } from '../../util/printable.ts';
import { redacted } from '../../util/redact.ts';
import { startStopwatch } from '../../util/stopwatch.ts';
import { listed } from '../../util/text.ts';
import { UserError } from '../../util/user-error.ts';
import { lookAtClass } from '../class.ts';
import { ClassProgress } from '../class-progress.ts';
import { ClassTargets } from '../class-target.ts';
import { limitHeapGrowth } from '../heap-growth.ts';
import { type Interrupts, listenForInterrupts } from '../interrupts.ts';
import type { LabFlags, OutputFlags, ReportFiles, TargetFlags } from '../options.ts';
import { Plans } from '../plans.ts';
import { openReports } from '../reports.ts';
import { type RosterEntry, readRoster } from '../roster.ts';
import { Spool } from '../spool.ts';
import type { Surroundings } from '../surroundings.ts';

export interface VerifyFlags extends LabFlags, TargetFlags, OutputFlags {
  readonly expect: Expectation;
  readonly probe?: boolean;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly roster?: string;
  readonly concurrency: number;
  /** Seconds for one account. */
  readonly timeLimit: number;
  readonly only?: 'failed' | 'unchecked';
  /** A report that is gone on with. */
  readonly from?: string;
  readonly report?: ReportFiles;
}

/** Looks how far one account, or each of a class, has come with a lab. Writes nothing there. */
export async function verify(lab: string, flags: VerifyFlags, io: Surroundings): Promise<ExitCode> {
  checkFlags(flags);
  const plans = new Plans(await findLab(lab, io.cwd), flags, io);
  const page = await plans.with(flags.prefix ?? '');
  if (flags.probe) announceProbe(page, io);
  const plan = flags.probe ? withProbes(page) : page;
  const reports = openReports(flags.report ?? {}, io);
  const { entries, warnings } = flags.roster === undefined ? single(flags) : await readRoster(flags.roster, io.cwd);
  if (!flags.quiet) io.err(warnings.map((warning) => `${warning}\n`).join(''));
  const earlier = earlierMarks(plan, flags, io);
  const interrupts = listenForInterrupts({
    onFirst: () => io.err('\nInterrupted. What is known so far is reported.\n'),
    onSecond: () => undefined,
  });
  const spool = new Spool<StudentMarks>();
  const unlimitHeapGrowth = limitHeapGrowth();
  try {
    const verification = await look({ plans, plan, entries, earlier, spool, interrupts }, flags, io);
    reports.write({
      json: () => verificationJson(verification),
      csv: () => verificationCsv(verification),
      html: () => verificationHtml(verification),
      markdown: (mostBytes) => verificationMarkdown(verification, mostBytes),
      junit: () => verificationJunit(verification),
      gradescope: () => verificationGradescope(verification),
    });
    print(verification, flags, io);
    return exitCodeOf(verification);
  } finally {
    unlimitHeapGrowth();
    spool.close();
    interrupts.dispose();
  }
}

interface Work {
  readonly plans: Plans;
  readonly plan: Plan;
  readonly entries: readonly RosterEntry[];
  /** Marks of an earlier verification that still hold, by student. */
  readonly earlier: ReadonlyMap<string, StudentMarks>;
  readonly spool: Spool<StudentMarks>;
  readonly interrupts: Interrupts;
}

async function look(work: Work, flags: VerifyFlags, io: Surroundings): Promise<Verification> {
  const { plans, plan, entries, earlier, spool, interrupts } = work;
  const elapsed = startStopwatch();
  const { id, title, file } = plan.lab;
  const { expect, probe = false } = flags;
  const target = flags.target ?? (io.env['AWS_ENDPOINT_URL'] || 'aws');
  const start = { lab: { id, title, file }, expect, probe, started: new Date().toISOString(), target, roster: flags.roster !== undefined };
  const targets = new ClassTargets({
    target,
    env: io.env,
    ...(flags.profile && { profile: flags.profile }),
    ...(flags.region && { region: flags.region }),
  });
  // What is wrong with the command is not the matter of each student.
  if (flags.profile !== undefined) await targets.open({}, { signal: interrupts.signal, onThrottled: () => undefined });
  const resources = await resourceKinds(stepKinds);
  const summary = new Summary(plan);
  const numbered = entries.map((entry, number) => ({ entry, number }));
  const left = numbered.filter(({ entry }) => !earlier.has(entry.student));
  const progress = flags.roster === undefined || flags.quiet ? undefined : new ClassProgress(left.length, io);
  const keep = (number: number, marks: StudentMarks): void => {
    spool.put(number, marks);
    summary.add(marks);
  };
  for (const { entry, number } of numbered) {
    const known = earlier.get(entry.student);
    if (known !== undefined) keep(number, known);
  }
  const common = { planWith: (prefix: string) => plans.with(prefix), expect, probe, resources, clock: wallClock };
  await lookAtClass({
    students: left,
    concurrency: flags.concurrency,
    timeLimitMs: flags.timeLimit * 1_000,
    signal: interrupts.signal,
    async look({ entry }, { signal, throttled, waiting }) {
      const { student, columns, account, prefix } = entry;
      let forget = (): void => undefined;
      const marks = await verifyAccount({
        ...common,
        async openTarget() {
          const reached = await targets.open(entry, { signal, onThrottled: throttled });
          forget = reached.forget;
          return reached.target;
        },
        clients: targets.clients,
        signal,
        onWaiting: waiting,
        ...(account === undefined ? {} : { account }),
        ...(prefix === undefined ? {} : { prefix }),
      });
      const all: StudentMarks = { student: student || (marks.account ?? 'the account'), columns, ...marks };
      // What AWS has answered may hold anything; when it is masked, the credentials need not be known any more.
      const safe = redacted(toJson(all)) as unknown as StudentMarks;
      forget();
      return safe;
    },
    done({ number }, marks) {
      keep(number, marks);
      progress?.add(marks);
    },
  });
  progress?.end();
  await targets.clients.close();
  for (const { entry, number } of left) {
    if (spool.has(number)) continue;
    const { student, columns, prefix = '' } = entry;
    const none = await uncheckable({ ...common, prefix }, { message: 'It was interrupted before this student was looked at.' });
    keep(number, { student, columns, region: entry.region ?? '', prefix, at: new Date().toISOString(), durationMs: 0, ...none });
  }
  const end = summary.end({ interrupted: interrupts.signal.aborted, durationMs: elapsed() });
  return { start, end, students: () => spool.items() };
}

function print(verification: Verification, flags: VerifyFlags, io: Surroundings): void {
  if (flags.json) {
    for (const part of verificationJson(verification)) io.out(part);
    return;
  }
  const options = {
    width: io.width,
    colour: io.colour,
    detail: flags.quiet ? 'quiet' : 'brief',
    evidence: flags.verbose ?? false,
  } as const;
  if (flags.roster !== undefined) io.out(classText(verification, options));
  else for (const marks of verification.students()) io.out(accountText(verification, marks, options));
}

/** Somebody who could not be checked comes before somebody who has not met everything: the result is not whole then. */
function exitCodeOf({ end: { states, interrupted } }: Verification): ExitCode {
  return worstOf([
    ExitCode.ok,
    ...(states['not-met'] + states.absent > 0 ? [ExitCode.notMet] : []),
    ...(states.unchecked > 0 ? [ExitCode.couldNotRun] : []),
    ...(interrupted ? [ExitCode.interrupted] : []),
  ]);
}

function checkFlags({ target, roster, roleArn, externalId, only, from, account, probe, expect }: VerifyFlags): void {
  const refuse = (message: string, hint: string): never => {
    throw new UserError(message, { hint });
  };
  if (target === 'sandbox')
    refuse(
      'The sandbox in this program is new and empty: there is nothing to verify in it.',
      'Start one with kinesis-labs sandbox, do the lab there, and name its address: --target http://127.0.0.1:…',
    );
  if (probe && expect === 'finished')
    refuse('--probe is about what stands, and with --expect finished nothing does.', 'Leave one of the two out.');
  if (externalId !== undefined && roleArn === undefined) refuse('--external-id is of use only with --role-arn.', 'Name the role as well.');
  if (roster !== undefined && (roleArn !== undefined || account !== undefined))
    refuse(
      'With --roster, the roster says which role and which account each student has.',
      'Put them into its columns role_arn, external_id and account.',
    );
  if ((only === undefined) !== (from === undefined))
    refuse('--only and --from belong together.', 'For example: --only unchecked --from marks.json');
  if (only !== undefined && roster === undefined)
    refuse('--only is about a class, and needs its roster.', 'Add --roster FILE, the same as before.');
}

/** Says what is going to be written, which nothing else of this command is. */
function announceProbe(plan: Plan, io: Surroundings): void {
  const streams = probedSteps(plan).map(({ stream }) => legibleLine(stream));
  if (streams.length === 0)
    throw new UserError(
      `There is nothing to probe in lab ${plan.lab.id}: no step of it says with which record it can be seen whether it works.`,
      {
        hint: 'Leave --probe out. What the lab builds is looked at all the same.',
      },
    );
  io.err(
    `--probe puts one record into the stream ${listed(streams)} of each account, where the mapping is Enabled, and looks for it in the log of the function. It stays in the stream until it expires. Nothing else is written.\n`,
  );
}

/** Whoever the credentials of the command line lead to. */
function single({ account, roleArn, externalId, prefix }: VerifyFlags): {
  readonly entries: readonly RosterEntry[];
  readonly warnings: readonly string[];
} {
  const entry = {
    student: '',
    columns: {},
    ...(account === undefined ? {} : { account }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(prefix === undefined ? {} : { prefix }),
  };
  return { entries: [entry], warnings: [] };
}

/** What of an earlier report is not looked at again. */
function earlierMarks(
  { lab }: Plan,
  { only, from, expect, probe = false }: VerifyFlags,
  io: Surroundings,
): ReadonlyMap<string, StudentMarks> {
  if (from === undefined) return new Map();
  const report = readVerification(readReport(resolve(io.cwd, from), from), from);
  if (report.lab !== lab.id || report.expect !== expect) {
    throw new UserError(`${from} is about lab ${report.lab}, ${report.expect}; this is lab ${lab.id}, ${expect}.`, {
      hint: 'Go on with a report of the same lab and the same --expect.',
    });
  }
  if (report.probe !== probe) {
    throw new UserError(`${from} was made ${report.probe ? 'with' : 'without'} --probe.`, {
      hint: `Go on with it in the same way: ${report.probe ? 'add' : 'leave out'} --probe.`,
    });
  }
  const again = only === 'failed' ? ['not-met', 'absent'] : ['unchecked'];
  return new Map(report.students.filter(({ state }) => !again.includes(state)).map((marks) => [marks.student, marks]));
}

function readReport(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UserError(`The report ${name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
}
