import { z } from 'zod';
import { ExitCode } from '../util/exit-code.ts';
import { fits } from '../util/expression.ts';
import { shellWord } from '../util/shell-word.ts';
import { counted, short } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import type { Command, CommandResult } from './command.ts';
import { isExpression, tooSlow } from './expectation.ts';
import { looked } from './finding.ts';
import { asset, defineStep, type Finding, script } from './step.ts';

const schema = z.strictObject({
  run: z
    .string()
    .trim()
    .min(1)
    .meta(script)
    .describe('The command, for bash, which stops at the first line that fails. aws and other AWS programs reach the target from it.'),
  files: z
    .string()
    .min(1)
    .meta(asset.folder)
    .optional()
    .describe('Folder below the assets of the lab, in a copy of which the command runs.'),
  environment: z
    .record(
      z.string().regex(/^[A-Za-z_]\w*$/, 'has to be the name of a variable'),
      z.union([z.string(), z.number(), z.boolean()]).transform(String),
    )
    .default({})
    .describe('Environment variables; the way in for what earlier steps have found.'),
  timeout: z.int().min(1).max(900).default(60).describe('Seconds after which the command, and all that it has started, is stopped.'),
  'exit-code': z.int().min(0).max(255).default(0).describe('The exit code that the command has to end with.'),
  contains: z.array(z.string().min(1)).default([]).describe('Texts that have to be in what the command prints.'),
  matches: z
    .string()
    .min(1)
    .refine(isExpression, 'is not a regular expression')
    .optional()
    .describe('Regular expression for what the command prints, of which ^ and $ match at each line.'),
});
type Input = z.output<typeof schema>;

function commandOf({ run, files, environment, timeout }: Input): Command {
  return { script: run, ...(files === undefined ? {} : { files }), environment, timeoutMs: timeout * 1_000 };
}

export const shell = defineStep({
  summary: 'Runs a command on this machine, and looks at its exit code and what it prints.',
  input: schema,
  outputs: {},
  examples: [
    { run: 'echo "The streams are in $AWS_REGION."', contains: ['The streams are in '] },
    {
      run: 'node kinesisEventLogger.js\ntest "$GREETING" = Hello\necho "$GREETING to you"\nexit 3',
      files: 'kinesis-event-logger',
      environment: { GREETING: 'Hello' },
      timeout: 30,
      'exit-code': 3,
      matches: '^Hello to you$',
    },
  ],
  resources: [],
  owns: () => [],
  explain: () => [],
  shows: () => undefined,
  script: ({ run }) => run,
  instead: (input) => ({ shell: shellLines(input), markdown: '' }),
  leavesTrace: () => false,
  cannotFail: 'it looks at what a command printed, of which nothing is left there',
  async apply(input, { commands }) {
    if (commands === undefined) {
      throw new UserError('This run may not run commands on this machine.', {
        exitCode: ExitCode.couldNotRun,
        hint: 'Begin again, and say that it may.',
      });
    }
    await commands.run(commandOf(input));
  },
  async check(input, { commands }) {
    const result = commands?.ended(commandOf(input));
    if (result === undefined) {
      const hint = 'What is run elsewhere cannot be seen from here. Let the command be run from here.';
      return [looked('command', false, 'a command that has ended', 'none that was run from here', hint)];
    }
    return [exitFinding(input, result), ...outputFindings(input, result)];
  },
});

/** The command as it is typed, in a folder of its own and with its variables. */
function shellLines({ run, files, environment, 'exit-code': code }: Input): readonly string[] {
  const variables = Object.entries(environment).map(([name, value]) => `${name}="${value.replace(/[\\"$`]/g, '\\$&')}" `);
  const copy = files === undefined ? '' : ` && cp -R ${shellWord(`${files}/.`)} .`;
  const ending = code === 0 ? '' : ` || [ $? -eq ${code} ]`;
  return [`(cd "$(mktemp -d)"${copy} && ${variables.join('')}bash -euo pipefail -c ${shellWord(run)})${ending}`];
}

function exitFinding(input: Input, { exitCode, late, output }: CommandResult): Finding {
  const expected = input['exit-code'];
  const observed = late ? `still running after ${counted(input.timeout, 'second')}` : String(exitCode ?? 'none: it was ended by a signal');
  const hint = late
    ? 'It was stopped, with all that it had started. Find out what it waits for, or give it more time with `timeout`.'
    : `It printed: ${lastLine(output)}`;
  return looked('exit code', exitCode === expected, String(expected), observed, hint);
}

function outputFindings({ contains, matches }: Input, { output }: CommandResult): readonly Finding[] {
  const hint = 'Look at all that it printed.';
  const seen = output.trim() === '' ? 'nothing' : `… ${short(output.trim().slice(-200), 200)}`;
  const finding = (ok: boolean, expected: string, otherwise = seen): Finding =>
    looked('output', ok, expected, ok ? expected : otherwise, hint);
  const matched = matches === undefined ? undefined : fits(matches, 'mu', output);
  return [
    ...contains.map((text) => finding(output.includes(text), text)),
    ...(matches === undefined ? [] : [finding(matched === true, `a text that matches ${matches}`, matched === undefined ? tooSlow : seen)]),
  ];
}

function lastLine(output: string): string {
  return short(output.trim().split('\n').at(-1) || 'nothing', 200);
}
