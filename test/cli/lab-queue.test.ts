import { describe, expect, it } from 'vitest';
import { listenForInterrupts } from '../../src/cli/interrupts.ts';
import { doLabs, type LabJob, type LabQueueOptions } from '../../src/cli/lab-queue.ts';
import type { Prompter } from '../../src/cli/prompter.ts';
import { ExitCode } from '../../src/util/exit-code.ts';
import { UserError } from '../../src/util/user-error.ts';
import { temporaryFolder } from '../support/cli.ts';
import { commandStep, writeLab } from '../support/page.ts';
import { listening } from '../support/surroundings.ts';

type Run = LabJob['run'];

/** A door that work waits at until somebody opens it. */
function door() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

/** Does the labs of a folder; `run` is what is done with each, by the id of the lab. */
async function doing(
  labs: readonly string[],
  run: Readonly<Record<string, Run>>,
  over: Partial<LabQueueOptions> & { readonly cwd: string; readonly answer?: boolean; readonly interactive?: boolean },
) {
  const { cwd, answer = true, interactive = true, ...options } = over;
  const { io, said } = listening({ cwd, interactive });
  const happened: string[] = [];
  const problems: string[] = [];
  const nobody = (): never => {
    throw new Error('That is not asked.');
  };
  const prompter: Prompter = {
    choose: nobody,
    input: nobody,
    async confirm(message) {
      happened.push(`asked: ${message}`);
      return answer;
    },
  };
  const interrupts = listenForInterrupts({ onFirst: () => undefined, onSecond: () => undefined });
  try {
    const code = await doLabs(labs, {
      flags: { color: false },
      io,
      interrupts,
      prompter,
      jobOf: (name) => ({
        async run(lab) {
          const { id } = lab.plan.lab;
          happened.push(`${id} begins`);
          const ended = await run[id]?.(lab);
          happened.push(`${id} ends`);
          return ended ?? ExitCode.ok;
        },
        couldNotRun: ({ message }) => void problems.push(`${name}: ${message}`),
      }),
      ...options,
    });
    return { code, said, happened, problems };
  } finally {
    interrupts.dispose();
  }
}

describe('labs side by side', () => {
  it('are begun in the order in which they were named, as many at once as is said', async () => {
    const cwd = temporaryFolder();
    const labs = ['11', '12', '13'].map((id) => writeLab(cwd, ['stream'], id));
    const first = door();
    const run: Record<string, Run> = {
      11: async () => {
        await first.passed;
        return ExitCode.ok;
      },
      12: async () => ExitCode.ok,
      13: async () => {
        first.open();
        return ExitCode.ok;
      },
    };
    const { happened } = await doing(labs, run, { cwd, atOnce: 2 });
    expect(happened).toEqual(['11 begins', '12 begins', '12 ends', '13 begins', '13 ends', '11 ends']);
    const alone = await doing(labs, { 11: async () => ExitCode.ok }, { cwd, atOnce: 1 });
    expect(alone.happened).toEqual(['11 begins', '11 ends', '12 begins', '12 ends', '13 begins', '13 ends']);
  });

  it('print whole, in that order', async () => {
    const cwd = temporaryFolder();
    const labs = ['11', '12'].map((id) => writeLab(cwd, ['stream'], id));
    const second = door();
    const run: Record<string, Run> = {
      11: async ({ io }) => {
        io.out('11 a');
        await second.passed;
        io.out('11 b');
        return ExitCode.ok;
      },
      12: async ({ io }) => {
        io.out('12');
        second.open();
        return ExitCode.ok;
      },
    };
    const { said } = await doing(labs, run, { cwd });
    expect(said).toEqual(['out: 11 a', 'out: 11 b', 'out: 12']);
  });

  it('come to the gravest of their exit codes', async () => {
    const cwd = temporaryFolder();
    const labs = ['11', '12', '13'].map((id) => writeLab(cwd, ['stream'], id));
    const run: Record<string, Run> = {
      11: async () => ExitCode.notMet,
      12: async () => ExitCode.leftBehind,
      13: async () => ExitCode.ok,
    };
    expect(await doing(labs, run, { cwd })).toMatchObject({ code: ExitCode.leftBehind });
  });

  it('go on without one that has errors, is not there, or cannot be done, and say why in its place', async () => {
    const cwd = temporaryFolder();
    const [good, bad] = [writeLab(cwd, ['stream'], '11'), writeLab(cwd, ['stream', 'stream'], '12')];
    const run: Record<string, Run> = {
      11: async ({ io }) => {
        io.out('11');
        return ExitCode.ok;
      },
      13: async () => {
        throw new UserError('No room.', { exitCode: ExitCode.couldNotRun });
      },
    };
    const { code, said, problems } = await doing([good, bad, '99', writeLab(cwd, ['stream'], '13')], run, { cwd });
    expect(said.map((text) => text.split('\n')[0])).toEqual([
      'out: 11',
      expect.stringContaining('err: labs/12-streams.md:'),
      'err: kinesis-labs: labs/12-streams.md is not a valid lab: 1 problem.',
      'err: kinesis-labs: There is no lab "99".',
      'err: kinesis-labs: No room.',
    ]);
    expect(problems).toEqual([
      `${bad}: labs/12-streams.md is not a valid lab: 1 problem.`,
      '99: There is no lab "99".',
      'labs/13-streams.md: No room.',
    ]);
    expect(code).toBe(ExitCode.couldNotRun);
  });

  it('ask everything that they have to ask before the first one begins', async () => {
    const cwd = temporaryFolder();
    const labs = ['11', '12'].map((id) => writeLab(cwd, ['stream', commandStep('greet', 'echo hello')], id));
    const prepare: LabQueueOptions['prepare'] = async () => void 0;
    const { happened } = await doing(labs, {}, { cwd, prepare });
    expect(happened.slice(0, 2)).toEqual(['asked: May it run this command?', 'asked: May it run this command?']);
    expect(happened.slice(2)).toContain('11 begins');
    const refused = await doing(labs, {}, { cwd, answer: false });
    expect(refused.happened).toEqual(['asked: May it run this command?', 'asked: May it run this command?']);
    expect(refused.code).toBe(ExitCode.usage);
  });

  it('are all kept from being begun by what they share, which is said once and counts for each', async () => {
    const cwd = temporaryFolder();
    const labs = ['11', '12'].map((id) => writeLab(cwd, ['stream'], id));
    const prepare: LabQueueOptions['prepare'] = async (plans) => {
      throw new UserError(`Nobody answers ${plans.length} labs.`, { exitCode: ExitCode.couldNotRun });
    };
    expect(await doing(labs, {}, { cwd, prepare })).toEqual({
      code: ExitCode.couldNotRun,
      said: ['err: kinesis-labs: Nobody answers 2 labs.\n'],
      happened: [],
      problems: labs.map((lab) => `${lab}: Nobody answers 2 labs.`),
    });
  });

  it('are not begun any more once they were interrupted, and that is what is told then', async () => {
    const cwd = temporaryFolder();
    const labs = ['11', '12', '13'].map((id) => writeLab(cwd, ['stream'], id));
    const run: Record<string, Run> = {
      11: async () => {
        process.emit('SIGINT', 'SIGINT');
        return ExitCode.ok;
      },
    };
    const { code, happened } = await doing(labs, run, { cwd, atOnce: 1 });
    expect(happened).toEqual(['11 begins', '11 ends']);
    expect(code).toBe(ExitCode.interrupted);
  });
});
