import { dirname, relative } from 'node:path';
import { type CliStyle, cliLines } from '../../aws/cli-line.ts';
import type { ZippedFolder } from '../../aws/zipped-folder.ts';
import type { Awaited } from '../../steps/step.ts';
import { shellWord } from '../../util/shell-word.ts';
import { unreachable } from '../../util/unreachable.ts';
import type { OutputBlock, Section } from '../lab.ts';
import type { Plan } from '../plan.ts';
import { fillText } from '../reference.ts';
import { callLines, queryLine } from './call-lines.ts';
import { commandsOf, type StepCommands } from './step-commands.ts';
import { ShellVariables } from './variables.ts';

/**
 * Writes a lab as a tutorial for people who have the AWS CLI and nothing else: the page with AWS CLI lines where its steps are.
 * @param assets the folder that the lab's assets are in, absolute; the lines begin in the folder above it.
 * @throws {UserError} for a step that cannot be written as AWS CLI lines.
 */
export function exportMarkdown(plan: Plan, assets: string): string {
  const variables = new ShellVariables(plan);
  const references = plan.lab.sections.flatMap((section) => section.references.map(({ reference }) => reference));
  const steps = commandsOf(plan, variables, references);
  return new Tutorial(plan, variables, steps, assets).text();
}

class Tutorial {
  readonly #plan: Plan;
  readonly #variables: ShellVariables;
  readonly #steps: readonly StepCommands[];
  readonly #style: CliStyle;
  /** The folder in which the lines begin, with a slash. */
  readonly #above: string;

  constructor(plan: Plan, variables: ShellVariables, steps: readonly StepCommands[], assets: string) {
    this.#plan = plan;
    this.#variables = variables;
    this.#steps = steps;
    const archive = ({ folder }: ZippedFolder, path: string): readonly string[] => [
      `(cd ${shellWord(relative(dirname(assets), folder))} && zip -q -r -FS ${shellWord(path)} .)`,
    ];
    this.#above = `${dirname(assets)}/`;
    this.#style = { version: 2, word: variables.word, archive };
  }

  text(): string {
    const [first = '', ...rest] = this.#plan.lab.sections.map((section) => this.#section(section));
    const removal = this.#removal();
    const pages = [this.#opening(first), ...rest, ...(removal === '' ? [] : ['\n## The commands that take it down\n\n', removal])];
    return `${pages.join('').trim()}\n`;
  }

  #section(section: Section): string {
    switch (section.kind) {
      case 'prose':
        return this.#filled(section.source);
      case 'output':
        return this.#output(section);
      case 'step':
        return this.#step(section.id);
      default:
        return unreachable(section);
    }
  }

  /** The first prose of the page, with a heading if it has none, and what is needed to follow. */
  #opening(prose: string): string {
    const { title, summary, minutes } = this.#plan.lab;
    const own = /^\s*(# [^\n]*)\n/.exec(prose);
    const needs = [
      `*${summary}* It takes about ${minutes} minutes.`,
      '',
      'This page was made by kinesis-labs export. Its commands are for bash and version 2 of the AWS CLI, with credentials and a',
      'region set up. Version 1 does not know the option `--cli-binary-format raw-in-base64-out`, and needs none. Paths begin in',
      'the folder that `assets` is in.',
      ...this.#preparation(),
    ];
    return `${own?.[1] ?? `# ${title}`}\n\n${needs.join('\n')}\n\n${prose.slice(own?.[0].length ?? 0).trimStart()}`;
  }

  /** Sets what references to the learner stand for, where there are any. */
  #preparation(): readonly string[] {
    const used = new Set(
      this.#plan.lab.sections.flatMap(({ references }) =>
        references.flatMap(({ reference }) => (reference.kind === 'learner' ? [reference.name] : [])),
      ),
    );
    const lines = [
      ...(used.has('nonce') ? ['NONCE=$(date +%s)'] : []),
      ...(used.has('started') ? ['STARTED=$(date -u +%Y-%m-%dT%H:%M:%S.000Z)'] : []),
    ];
    return lines.length === 0 ? [] : ['', 'Some texts are to be unique, so that what you find later is yours:', '', ...fenced(lines)];
  }

  #filled(markdown: string): string {
    return String(
      fillText(markdown, (reference) => {
        const value = this.#variables.lookup(reference);
        return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
      }),
    );
  }

  #output({ source }: OutputBlock): string {
    const shown = source.replace(/^([`~]{3,})[^\n]*/, '$1json').replaceAll(/<(any|more)>/g, '…');
    return this.#filled(shown);
  }

  #step(id: string): string {
    const step = this.#steps.find(({ planned }) => planned.block.id === id);
    if (step === undefined) return '';
    const { doing, reads, instead, who, planned } = step;
    const lines = [
      ...(instead?.shell ?? []).map((line) => this.#fromHere(this.#variables.text(line))),
      ...doing.flatMap((part) => ('what' in part ? this.#await(part) : callLines(part, this.#style, false))),
      ...reads.flatMap(({ call, captures }) => [
        ...callLines({ call, captures: [] }, this.#style, false),
        ...(captures.length > 0 ? callLines({ call, captures }, this.#style, false) : []),
      ]),
    ];
    this.#variables.check([doing, reads], lines.join('\n'), who);
    const hint =
      planned.block.hint === undefined ? [] : ['', `<details><summary>Hint</summary>\n\n${this.#filled(planned.block.hint)}\n\n</details>`];
    const block = [
      ...(instead === undefined || instead.markdown === '' ? [] : [this.#variables.text(instead.markdown.trim())]),
      ...(lines.length === 0 ? [] : fenced(lines)),
      ...hint,
    ];
    return `${block.join('\n')}\n`;
  }

  /** A command that goes into another folder and copies assets there, with their path from the folder in which it begins. */
  #fromHere(line: string): string {
    return line.replaceAll(`'${this.#above}`, `"$OLDPWD"/'`).replaceAll(this.#above, '"$OLDPWD"/');
  }

  #await({ what, call, query, withinMs }: Awaited): readonly string[] {
    const again = withinMs.length > 1 ? ' What came too early is missed: after a minute, end this with Ctrl-C and do it again.' : '';
    const { preparing, command } = queryLine({ call, query }, this.#style);
    return [
      `# Wait for ${this.#variables.text(what)}.${again}`,
      ...preparing,
      `until [ "$(${command} --output json)" = true ]; do sleep 2; done`,
    ];
  }

  /** How everything is removed, the last thing first. */
  #removal(): string {
    const item = this.#variables.item;
    const lines = this.#steps.toReversed().flatMap(({ owns }) =>
      owns.toReversed().flatMap(({ kind, ref }) => {
        const { calls } = kind.removal(ref.id);
        return [
          `# The ${this.#variables.text(`${kind.noun} ${ref.id}`)}`,
          ...calls.flatMap(({ each, call }) => {
            if (each === undefined) return cliLines(call(''), this.#style);
            const { preparing, command } = queryLine(each, this.#style);
            const lines = cliLines(call(item), { ...this.#style, indent: '    ' });
            return [...preparing, `for ITEM in $(${command} --output text); do`, ...lines.map((line) => `  ${line}`), 'done'];
          }),
        ];
      }),
    );
    return lines.length === 0 ? '' : fenced(lines).join('\n');
  }
}

function fenced(lines: readonly string[]): readonly string[] {
  const runs = lines.join('\n').match(/`{3,}/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return [`${fence}sh`, ...lines, fence];
}
