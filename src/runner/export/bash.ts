import { readFileSync } from 'node:fs';
import { absentTexts } from '../../aws/aws.ts';
import { type CliStyle, cliCommand, cliLines } from '../../aws/cli-line.ts';
import { everyTextBeforeAccepted } from '../../aws/transient.ts';
import type { ZippedFolder } from '../../aws/zipped-folder.ts';
import type { Awaited } from '../../steps/step.ts';
import { shellWord } from '../../util/shell-word.ts';
import type { Plan } from '../plan.ts';
import { interpolate } from '../reference.ts';
import { callLines, queryLine } from './call-lines.ts';
import { fileLines, readFolders, type SourceFolders } from './source-folder.ts';
import { type Command, commandsOf, type OwnedResource, type StepCommands } from './step-commands.ts';
import { ShellVariables } from './variables.ts';

/** A resource that the script creates, with the name that its functions have. */
interface Owned extends OwnedResource {
  readonly slug: string;
  /** `stream lambda-cli-stream`, as a word of the shell. */
  readonly what: string;
  readonly who: string;
}

type Prepared = ReturnType<typeof cliCommand>;

/**
 * Writes a lab as a bash script of AWS CLI lines, which does what the runner does: creates, waits, looks, and takes everything
 * down. The code of functions is part of it.
 * @throws {UserError} for a step that cannot be written as AWS CLI lines, or code that cannot be read.
 */
export async function exportBash(plan: Plan): Promise<string> {
  const variables = new ShellVariables(plan);
  const references = plan.steps.flatMap(({ block }) => block.references.filter(({ path }) => path[0] === 'with'));
  const steps = commandsOf(
    plan,
    variables,
    references.map(({ reference }) => reference),
  );
  const folders = await readFolders(steps.map(({ doing, reads }) => [doing, reads]));
  return new BashScript(plan, variables, steps, folders).text();
}

class BashScript {
  readonly #plan: Plan;
  readonly #variables: ShellVariables;
  readonly #steps: readonly StepCommands[];
  readonly #owned: readonly Owned[];
  readonly #style: CliStyle;
  /** Inside a function or a loop. */
  readonly #inner: CliStyle;
  readonly #folders: SourceFolders;

  constructor(plan: Plan, variables: ShellVariables, steps: readonly StepCommands[], folders: SourceFolders) {
    this.#plan = plan;
    this.#variables = variables;
    this.#steps = steps;
    this.#folders = folders;
    this.#owned = named(steps, variables);
    this.#style = {
      version: 'either',
      word: variables.word,
      files: variables.workFolder,
      archive: (folder, path) => this.#archive(folder, path),
    };
    this.#inner = { ...this.#style, indent: '    ' };
  }

  text(): string {
    const ahead = this.#owned.filter(({ ref }) => !this.#variables.isIn(ref.id));
    return [
      ...this.#head(),
      prelude(),
      section('What the lab creates, and how it is looked for and removed'),
      '',
      ...this.#owned.flatMap((owned) => [...this.#removal(owned), '']),
      ...this.#teardown(),
      '',
      'trap finish EXIT',
      "trap 'exit 130' INT TERM",
      ...ahead.map(({ slug, what }) => `claim ${slug} ${what}`),
      '',
      section('The lab'),
      ...this.#lab(),
      '',
    ].join('\n');
  }

  #head(): readonly string[] {
    const { lab } = this.#plan;
    const comments = [
      `Lab ${lab.id}: ${lab.title}`,
      lab.summary,
      '',
      'The lab as AWS CLI lines, made by kinesis-labs export. It needs bash, the AWS CLI (version 1 or 2) with credentials and a',
      'region, and zip or python3. Whatever it creates it takes down at the end, also when something goes wrong; when something',
      'of these names is there already, it stops and leaves that alone.',
      ...(this.#owned.some(({ kind }) => kind.evidence !== undefined)
        ? ['With KEEP_LOGS=1 in its environment it leaves the logs, which show that the lab was done.']
        : []),
    ];
    return [
      '#!/usr/bin/env bash',
      ...comments.map(comment),
      '',
      'set -euo pipefail',
      '',
      '# Unique to this run.',
      `NONCE=$(printf '%04x%04x' "$RANDOM" "$RANDOM")`,
      'STARTED=$(date -u +%Y-%m-%dT%H:%M:%S.000Z)',
      '',
      '# How AWS says that there is no such thing, and what it says while a new role is not known everywhere yet.',
      `ABSENT=${shellWord(absentTexts.join('\n'))}`,
      `LATE=${shellWord(everyTextBeforeAccepted.join('\n'))}`,
      '',
    ];
  }

  #lab(): readonly string[] {
    const lines: string[] = [];
    let said: string | undefined;
    for (const step of this.#steps) {
      const doing = this.#step(step);
      // A question is nothing to do.
      if (doing.length === 0) continue;
      const heading = this.#headingOf(step);
      const say = heading === said ? [] : [`say ${this.#variables.word(heading)}`];
      lines.push('', comment(`${heading} (${step.planned.block.id})`), ...say, ...doing);
      said = heading;
    }
    return lines;
  }

  #step(step: StepCommands): readonly string[] {
    const { doing, reads, instead, who, owns } = step;
    const late = this.#owned.filter(({ ref }) => owns.some((each) => each.ref === ref) && this.#variables.isIn(ref.id));
    const lines = [
      ...late.map(({ slug, what }) => `claim ${slug} ${what}`),
      ...(instead?.shell ?? []).map((line) => this.#variables.text(line)),
      ...this.#doing(step),
      ...reads.flatMap((command) => callLines(command, this.#style, true)),
    ];
    this.#variables.check([doing, reads], lines.join('\n'), who);
    return lines;
  }

  #headingOf({ planned }: StepCommands): string {
    const heading = interpolate(planned.block.heading, this.#plan.values).replaceAll(/\s+/g, ' ').trim();
    return heading === '' ? `Step ${planned.block.id}` : heading;
  }

  #doing({ doing, againAfterMs }: StepCommands): readonly string[] {
    if (againAfterMs === undefined) return doing.flatMap((part) => this.#part(part, this.#style));
    const [last, ...others] = doing.toReversed();
    if (last === undefined || !('what' in last)) return [];
    const lines = others.toReversed().flatMap((part) => this.#part(part, this.#inner));
    const { preparing, command } = this.#await(last, '"$WITHIN"', this.#inner);
    return [
      '# Again, while it is in vain: what comes too early is missed.',
      'DONE=no',
      `for WITHIN in ${againAfterMs.map(seconds).join(' ')}; do`,
      ...[...lines, ...preparing, `if ${command}; then DONE=yes; break; fi`].map(indented),
      'done',
      '[ "$DONE" = yes ]',
    ];
  }

  #part(part: Command | Awaited, style: CliStyle): readonly string[] {
    if (!('what' in part)) return callLines(part, style, true);
    const { preparing, command } = this.#await(part, seconds(part.withinMs[0]), style);
    return [...preparing, command];
  }

  #await({ what, call, query }: Awaited, within: string, style: CliStyle): Prepared {
    const { word } = this.#variables;
    const { indent = '  ' } = style;
    const { preparing, command } = cliCommand(call, { ...style, indent: `${indent}  ` });
    return { preparing, command: `await ${word(what)} ${within} ${word(query)} \\\n${indent}${command}` };
  }

  #removal({ kind, ref, slug, who }: Owned): readonly string[] {
    const { calls, left } = kind.removal(ref.id);
    // The call for an item is written with a placeholder of its own.
    const { item } = this.#variables;
    const lines = calls.flatMap(({ each, call }) => {
      if (each === undefined) return cliLines(call(''), this.#inner);
      const { preparing, command } = queryLine(each, this.#inner);
      return [
        ...preparing,
        'while IFS= read -r ITEM; do',
        ...cliLines(call(item), { ...this.#inner, indent: '      ' }).map(indented),
        `done < <(items ${command})`,
      ];
    });
    const look = queryLine(left, this.#inner);
    // What is needed to look can be absent with what is looked for.
    const looking = [...look.preparing.map((line) => `${line} 2>"$WORK/found" || { unfound; return; }`), `found ${look.command}`];
    this.#variables.check([ref.id, left, calls.map(({ each, call }) => [each, call(item)])], [...lines, ...looking].join('\n'), who);
    return [`left_${slug}() {`, ...looking.map(indented), '}', `remove_${slug}() {`, ...lines.map(indented), '}'];
  }

  #teardown(): readonly string[] {
    const lines = this.#owned.toReversed().map(({ kind, ref, slug, what }) => {
      const stays = kind.evidence === undefined ? '' : ' "${KEEP_LOGS:-}"';
      return `take_down ${slug} ${seconds(kind.removal(ref.id).timeoutMs)} ${what}${stays}`;
    });
    return ['teardown() {', ...(lines.length === 0 ? [':'] : lines).map(indented), '}'];
  }

  #archive({ folder }: ZippedFolder, path: string): readonly string[] {
    const { word, workFolder } = this.#variables;
    const files = this.#folders.get(folder) ?? [];
    // Folders of the same name are common: node and python.
    const place = `${workFolder}/code-${[...this.#folders.keys()].indexOf(folder) + 1}`;
    const below = (file: string): string => word(file === '' ? place : `${place}/${file}`);
    const parents = new Set(files.map((file) => file.name.split('/').slice(0, -1).join('/')));
    return [
      `mkdir -p ${[...parents].map(below).join(' ')}`,
      ...files.flatMap((file) => fileLines(file, below(file.name))),
      `archive ${below('')} ${word(path)}`,
    ];
  }
}

function prelude(): string {
  return readFileSync(new URL('./prelude.sh', import.meta.url), 'utf8');
}

function named(steps: readonly StepCommands[], variables: ShellVariables): readonly Owned[] {
  const owned: Owned[] = [];
  for (const { owns, who } of steps) {
    for (const { ref, kind } of owns) {
      // A later step may own the same thing; it is removed once.
      if (owned.some((each) => each.ref.type === ref.type && each.ref.id === ref.id)) continue;
      const slug = kind.noun.replaceAll(/\W+/g, '_');
      const same = owned.filter((each) => each.kind.noun === kind.noun).length;
      const what = variables.word(`${kind.noun} ${ref.id}`);
      owned.push({ ref, kind, who, what, slug: same === 0 ? slug : `${slug}_${same + 1}` });
    }
  }
  return owned;
}

function seconds(ms = 0): string {
  return String(Math.ceil(ms / 1_000));
}

function section(title: string): string {
  return `# ---- ${title} `.padEnd(119, '-');
}

function comment(text: string): string {
  return text === '' ? '#' : `# ${text}`;
}

/** Two spaces in front of a command; the lines after the first may be part of a quoted text. */
function indented(line: string): string {
  return `  ${line}`;
}
