import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError, Option } from 'commander';
import { ExitCode } from '../util/exit-code.ts';
import { legible } from '../util/printable.ts';
import { printFailure } from './failure.ts';
import {
  faultOption,
  keepLogsOption,
  labOptions,
  labsOption,
  maxHoursOption,
  outputOptions,
  preflightOption,
  probeOption,
  targetOptions,
  useRoleOption,
  withOptions,
} from './option-groups.ts';
import { accountNumber, age, numberOf, type OutputFlags, portNumber, readFaults, reportOption, speedFactor } from './options.ts';
import { remind } from './reminder.ts';
import { shells } from './setting-lines.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Reads the command line and runs the command that it names. Commands are loaded when they are called, because most of
 * what they need is slow to load.
 * @param argv what stands behind the program's name.
 * @returns the exit code. Never throws.
 */
export async function runProgram(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const verbose = isVerbose(argv);
  const io = argv.includes('--no-color') ? { ...surroundings, colour: false } : surroundings;
  // Not having been told what to do is no success either.
  let code: ExitCode = ExitCode.usage;
  const program = declare(io, (ended) => {
    code = ended;
  });
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return shownOnRequest.has(error.code) ? ExitCode.ok : ExitCode.usage;
    return printFailure(error, io, verbose);
  }
}

/** Whether the command line asks for all details, also where it cannot be read otherwise. */
export function isVerbose(argv: readonly string[]): boolean {
  return argv.includes('-v') || argv.includes('--verbose');
}

/** Commander's codes for what is no error. */
const shownOnRequest = new Set(['commander.helpDisplayed', 'commander.help', 'commander.version']);

/** Commands that are about what is alive, read the ledgers anyway, or go on with what is alive. */
const sayingItThemselves = new Set(['status', 'clean', 'list', 'start']);

function declare(io: Surroundings, end: (code: ExitCode) => void): Command {
  const program = new Command('kinesis-labs')
    .description('Learn Amazon Kinesis by doing, on an AWS sandbox that is part of the program, or on your own account.')
    .version(version(), '-V, --version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help')
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text, write) => write(legible(text.replace(/^error: /, 'kinesis-labs: '))),
      getOutHelpWidth: () => io.width,
      getErrHelpWidth: () => io.width,
    })
    .showHelpAfterError('Add --help to see what there is.')
    .exitOverride()
    .hook('preAction', async (_program, command) => {
      const { fault, ...flags } = command.opts<Pick<OutputFlags, 'json' | 'quiet'> & { readonly fault?: readonly string[] }>();
      if (fault !== undefined) command.setOptionValue('fault', await readFaults(fault));
      if (!sayingItThemselves.has(command.name())) await remind(flags, io);
    });

  withOptions(program.command('list').description('the labs'), outputOptions).action(async (flags) =>
    end(await (await import('./commands/list.ts')).list(flags, io)),
  );

  withOptions(
    program
      .command('start <lab>')
      .description('a lab, step by step')
      .option('-y, --yes', 'do everything without questions')
      .option('--keep', 'leave everything in place at the end')
      .addOption(keepLogsOption().conflicts('keep'))
      .option('--restart', 'remove what the run before has left, and begin anew')
      .option('--from <step>', 'begin at this step; what stands before it is done without questions')
      .addOption(new Option('--reset <step>', 'do this step once more: what it made is removed first').conflicts(['restart', 'from']))
      .addOption(preflightOption())
      .addOption(maxHoursOption())
      .addOption(faultOption()),
    labOptions,
    targetOptions,
    outputOptions,
  ).action(async (lab, flags) => end(await (await import('./commands/start.ts')).start(lab, flags, io)));

  withOptions(
    program
      .command('test [labs...]')
      .description('labs by themselves, all of them when none is named; each is checked and taken down')
      .option('--prove', 'show of each lab that its checks notice mistakes, and that it does what it says and leaves nothing')
      .addOption(reportOption('junit', 'json'))
      .addOption(preflightOption())
      .addOption(maxHoursOption())
      .addOption(faultOption().conflicts('prove')),
    labOptions,
    targetOptions,
    outputOptions,
  ).action(async (labs, flags) => {
    if (flags.prove) end(await (await import('./commands/prove.ts')).prove(labs, flags, io));
    else end(await (await import('./commands/test.ts')).test(labs, flags, io));
  });

  withOptions(
    program
      .command('verify <lab>')
      .description('how far an account, or each of a class, has come with a lab; looks only, and changes nothing')
      .addOption(
        new Option('--expect <state>', 'what there has to be: all that the lab builds, or the logs of it alone')
          .choices(['built', 'finished'])
          .default('built'),
      )
      .option('--probe', 'also put one record into the stream of each account, and look whether it gets into the log')
      .option('--role-arn <arn>', 'look as this role')
      .option('--external-id <id>', 'the ExternalId that the role asks for')
      .option('--roster <file>', 'look at a class: CSV or JSON with student, account, role_arn, external_id, profile, region, prefix')
      .addOption(
        new Option('--concurrency <number>', 'how many accounts are looked at at once, at most')
          .argParser(numberOf('--concurrency', 1, 200, '8'))
          .default(16),
      )
      .addOption(
        new Option('--time-limit <seconds>', 'how long one account may take')
          .argParser(numberOf('--time-limit', 1, 3_600, '60'))
          .default(120),
      )
      .addOption(new Option('--only <which>', 'go on with an earlier report: look again at these').choices(['failed', 'unchecked']))
      .option('--from <report>', 'the earlier report, in JSON')
      .addOption(reportOption('json', 'csv', 'html', 'markdown', 'junit', 'gradescope')),
    labOptions,
    targetOptions,
    outputOptions,
  ).action(async (lab, flags) => end(await (await import('./commands/verify.ts')).verify(lab, flags, io)));

  withOptions(program.command('status').description('what is alive, since when, and what it costs'), targetOptions, outputOptions).action(
    async (flags) => end(await (await import('./commands/status.ts')).status(flags, io)),
  );

  withOptions(
    program
      .command('clean [lab]')
      .description('remove what runs have left')
      .option('-y, --yes', 'do not ask')
      .addOption(keepLogsOption())
      .option('--all', 'also what has no ledger here, and is found by its tags on the target')
      .addOption(new Option('--older-than <age>', 'only of runs that began longer ago, by their tags too: 90m, 2h, 3d').argParser(age))
      .addOption(
        new Option('--forget <run>', 'delete the ledger of a run whose target is gone').conflicts([
          'all',
          'olderThan',
          'target',
          'account',
        ]),
      ),
    targetOptions,
    outputOptions,
  ).action(async (lab, flags) => {
    if (flags.forget !== undefined) end(await (await import('./commands/forget.ts')).forget(flags.forget, flags, io));
    else end(await (await import('./commands/clean.ts')).clean(lab, flags, io));
  });

  withOptions(
    program
      .command('sandbox')
      .description('the embedded AWS by itself; prints the environment to export')
      .addOption(new Option('--port <number>', 'its port (default: a free one)').argParser(portNumber))
      .option('--host <address>', 'where it listens; any other than 127.0.0.1 lets other machines in', '127.0.0.1')
      .option('--region <region>', 'its region')
      .option('--no-shard-limits', 'let shards take and give more than on AWS, for load tests')
      .option('--realistic', 'let streams, functions, mappings and IAM take as long as on AWS')
      .addOption(
        new Option('--virtual-time', 'let its time jump whenever kinesis-labs, in another process, waits for something there').conflicts(
          'speed',
        ),
      )
      .addOption(new Option('--speed <factor>', 'let its time pass so many times as fast').argParser(speedFactor))
      .option('--accounts <number|file>', 'have so many accounts, or those that a file lists, and print a key for each')
      .option('--any-credentials', 'take any signature, from programs on this machine; a key id of twelve digits is the account')
      .addOption(new Option('--print <what>', 'lines for which shell, or for an AWS configuration file').choices([...shells, 'profile']))
      .addOption(faultOption()),
    outputOptions,
  ).action(async (flags) => end(await (await import('./commands/sandbox.ts')).sandbox(flags, io)));

  withOptions(
    program.command('lint [files...]').description('check lab files, all of the package when none is named'),
    outputOptions,
  ).action(async (files, flags) => end(await (await import('./commands/lint.ts')).lint(files, flags, io)));

  withOptions(
    program
      .command('new <id>')
      .description('the files of a lab to begin with, which works as it is')
      .option('--title <title>', 'its title', 'A new lab')
      .option('--folder <folder>', 'the folder that labs/ and assets/ are in', '.'),
    outputOptions,
  ).action(async (id, flags) => end(await (await import('./commands/new.ts')).newLab(id, flags, io)));

  withOptions(
    program
      .command('export <lab>')
      .description('a lab as a script of AWS CLI lines, or as a tutorial with them')
      .addOption(new Option('--format <format>', 'what to write').choices(['bash', 'markdown']).default('bash'))
      .option('--output <file>', 'write it there (default: standard output)'),
    labOptions,
    outputOptions,
  ).action(async (lab, flags) => end(await (await import('./commands/export.ts')).exportLab(lab, flags, io)));

  withOptions(
    program.command('doctor [lab]').description('what this machine and the target have of what labs need, or of what one lab needs'),
    labOptions,
    targetOptions,
    outputOptions,
  ).action(async (lab, flags) => end(await (await import('./commands/doctor.ts')).doctor(lab, flags, io)));

  withOptions(
    program
      .command('policy')
      .description('the least IAM policy that lets a student do labs, or somebody else verify them')
      .addArgument(new Argument('<who>', 'whose policy').choices(['student', 'verifier']))
      .addOption(labsOption())
      .option('--prefix <text>', 'what stands in front of the names of all resources')
      .addOption(useRoleOption())
      .addOption(probeOption())
      .addOption(new Option('--account <digits>', 'the account that it is for (default: each)').argParser(accountNumber('--account')))
      .option('--region <region>', 'the region that it is for (default: each)')
      .option('--output <file>', 'write it there (default: standard output)'),
    outputOptions,
  ).action(async (who, flags) => end(await (await import('./commands/policy.ts')).policy(who, flags, io)));

  withOptions(
    program
      .command('classroom')
      .description('what a class is set up with')
      .command('template')
      .description('a CloudFormation template with the role that verify looks as, and the roster to go with it')
      .addOption(labsOption())
      .requiredOption('--trust <digits>', 'the account that looks: yours', accountNumber('--trust'))
      .addOption(probeOption())
      .option('--students <file>', 'a roster with a student and their account in each line')
      .option('--role-name <name>', 'what the role is called', 'kinesis-labs-verifier')
      .option('--output <folder>', 'where the files are written', 'classroom'),
    outputOptions,
  ).action(async (flags) => end(await (await import('./commands/classroom.ts')).classroomTemplateFiles(flags, io)));

  return program;
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return version;
}
