import { execFile } from 'node:child_process';
import { ExitCode } from '../../util/exit-code.ts';
import { jsonText } from '../../util/json.ts';
import { legible } from '../../util/printable.ts';
import { createPaint, wrap } from '../../util/text.ts';
import { UserError } from '../../util/user-error.ts';
import type { OutputFlags, TargetFlags } from '../options.ts';
import type { Surroundings } from '../surroundings.ts';
import { openTarget, targetName } from '../target.ts';

/** One thing that was looked at. What is not needed can be missing. */
interface Examined {
  readonly what: string;
  readonly found: string | undefined;
  readonly needed: boolean;
  readonly hint: string;
}

/** Says what this machine has of what labs need or can use. */
export async function doctor(flags: TargetFlags & OutputFlags, io: Surroundings): Promise<ExitCode> {
  const examined = await Promise.all([
    nodeVersion(),
    program(
      'aws',
      ['--version'],
      'Only needed to do steps by hand: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
    ),
    program('python3', ['--version'], 'Only needed for functions in Python on the embedded sandbox.'),
    program(
      'python3',
      ['-c', 'import boto3; print("boto3", boto3.__version__)'],
      'Only needed to do steps by hand in Python: pip install boto3',
      'boto3',
    ),
    account(flags, io),
  ]);
  const paint = createPaint(io.colour);
  if (flags.json) io.out(`${jsonText(examined, 2)}\n`);
  for (const { what, found, needed, hint } of flags.json ? [] : examined) {
    const mark = found !== undefined ? paint('green', '✓') : needed ? paint('red', '✗') : paint('yellow', '–');
    io.out(
      `${mark} ${legible(what)}: ${legible(found ?? 'not there')}\n${found === undefined ? `${wrap(legible(hint), io.width, '    ')}\n` : ''}`,
    );
  }
  return examined.some(({ found, needed }) => needed && found === undefined) ? ExitCode.couldNotRun : ExitCode.ok;
}

function nodeVersion(): Examined {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  const hint = `This is Node ${process.versions.node}; install 20.19 or later from https://nodejs.org`;
  return { what: 'Node', found: good ? process.versions.node : undefined, needed: true, hint };
}

const timeoutMs = 10_000;

function program(command: string, args: readonly string[], hint: string, what = command): Promise<Examined> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: timeoutMs }, (error, stdout, stderr) => {
      const [line = ''] = `${stdout}${stderr}`.trim().split('\n');
      resolve({ what, found: error ? undefined : line, needed: false, hint });
    });
  });
}

/** Whether the target answers, and who it thinks this is. */
async function account(flags: TargetFlags & OutputFlags, io: Surroundings): Promise<Examined> {
  const name = targetName(flags, io);
  const what = `target ${name}`;
  try {
    const open = await openTarget(name, flags, io);
    await open.close();
    return { what, found: `account ${open.account}, region ${open.target.region}, as ${open.principal}`, needed: true, hint: '' };
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode === ExitCode.usage) throw error;
    return { what, found: undefined, needed: true, hint: `${error.message} ${error.hint ?? ''}`.trim() };
  }
}
