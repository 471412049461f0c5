import { printableText } from '../util/printable.ts';
import { shellWord } from '../util/shell-word.ts';
import { AnswerOf, type ApiCall } from './api-call.ts';
import { cliName } from './cli-name.ts';
import { ZippedFolder } from './zipped-folder.ts';

/** The two AWS CLIs in use. They differ in how bytes are given: version 1 takes text, version 2 base64 unless told. */
export type CliVersion = 1 | 2;

// Operations whose answer is a body of its own: the CLI wants a file to write it to.
const answersWithBody = new Set(['lambda:Invoke']);

// Longer commands are written with one option per line.
const lineLength = 100;

/**
 * The shell commands that make a call with the AWS CLI, to be pasted into bash: commands that prepare a file, or put what
 * another call answers into a variable, where that is needed, then the `aws` command. A command may span several lines.
 */
export function cliLines(call: ApiCall, options: { readonly version: CliVersion }): readonly string[] {
  return commandLine(call, options.version).lines();
}

function commandLine(call: ApiCall, version: CliVersion): CommandLine {
  const command = new CommandLine(call, version);
  for (const [member, value] of Object.entries(call.input)) {
    if (value !== undefined) command.add(member, value);
  }
  return command;
}

class CommandLine {
  readonly #call: ApiCall;
  readonly #version: CliVersion;
  readonly #preparing: string[] = [];
  readonly #options: string[] = [];
  #rawBytes = false;

  constructor(call: ApiCall, version: CliVersion) {
    this.#call = call;
    this.#version = version;
  }

  add(member: string, value: unknown): void {
    const option = `--${cliName(member)}`;
    if (typeof value === 'boolean') this.#options.push(value ? option : `--no-${cliName(member)}`);
    else if (value instanceof AnswerOf) this.#options.push(`${option} "$${this.#variable(member, value)}"`);
    else if (value instanceof ZippedFolder) this.#option(option, this.#archive(value));
    else if (value instanceof Uint8Array) this.#option(option, this.#bytes(member, value));
    else if (value instanceof Date) this.#option(option, value.toISOString());
    else if (Array.isArray(value)) this.#list(option, value);
    else if (typeof value === 'object') this.#structure(option, value as Readonly<Record<string, unknown>>);
    else this.#option(option, this.#text(member, String(value)));
  }

  /** @param more options that are not members of the request. */
  lines(more: readonly string[] = []): readonly string[] {
    const { service, operation } = this.#call;
    const options = [...this.#options];
    if (this.#rawBytes && this.#version === 2) options.push('--cli-binary-format raw-in-base64-out');
    if (answersWithBody.has(`${service}:${operation}`)) options.push('/dev/stdout');
    const parts = [`aws ${service} ${cliName(operation)}`, ...options, ...more];
    const line = parts.join(' ');
    return [...this.#preparing, line.length <= lineLength ? line : parts.join(' \\\n  ')];
  }

  /** An option and its value; a value that looks like an option has to be tied to the one before. */
  #option(option: string, value: string): void {
    this.#options.push(value.startsWith('-') ? `${option}=${shellWord(value)}` : `${option} ${shellWord(value)}`);
  }

  #list(option: string, values: readonly unknown[]): void {
    const plain = values.length > 0 && values.every((value) => typeof value === 'number' || (typeof value === 'string' && isPlain(value)));
    if (plain) this.#options.push(`${option} ${values.map((value) => shellWord(String(value))).join(' ')}`);
    else this.#option(option, this.#json(values));
  }

  #structure(option: string, structure: Readonly<Record<string, unknown>>): void {
    // The CLI takes the code of a function beside the structure that it belongs to.
    const { ZipFile: code, ...others } = structure;
    if (code instanceof ZippedFolder) this.#option('--zip-file', this.#archive(code));
    else if (code instanceof Uint8Array) this.#option('--zip-file', this.#file('code.zip', code));
    const rest = code instanceof ZippedFolder || code instanceof Uint8Array ? others : structure;
    if (rest === structure || Object.keys(rest).length > 0) this.#option(option, this.#json(rest));
  }

  /** Puts what another call answers into a shell variable. @returns its name. */
  #variable(member: string, { call, query }: AnswerOf): string {
    const lines = commandLine(call, this.#version).lines([`--query ${shellWord(query)}`, '--output text']);
    const name = cliName(member).replaceAll('-', '_').toUpperCase();
    this.#preparing.push(...lines.slice(0, -1), `${name}=$(${lines.at(-1)})`);
    return name;
  }

  #archive(folder: ZippedFolder): string {
    const archive = `/tmp/${folder.name}.zip`;
    // -FS takes files out of an older archive of that name which are not in the folder any more.
    this.#preparing.push(`(cd ${shellWord(folder.folder)} && zip -q -r -FS ${shellWord(archive)} .)`);
    return `fileb://${archive}`;
  }

  #bytes(member: string, bytes: Uint8Array): string {
    const text = printableText(bytes);
    if (text === undefined || namesFile.test(text)) return this.#file(cliName(member), bytes);
    this.#rawBytes = true;
    return text;
  }

  /** The CLI replaces a value that looks like a URL of a file by the file, so such a value is itself given as a file. */
  #text(member: string, text: string): string {
    if (!namesFile.test(text)) return text;
    return this.#file(cliName(member), Buffer.from(text)).replace(/^fileb:/, 'file:');
  }

  #file(name: string, bytes: Uint8Array): string {
    const path = `/tmp/${name}-${this.#preparing.length + 1}`;
    this.#preparing.push(`echo ${shellWord(Buffer.from(bytes).toString('base64'))} | base64 -d > ${path}`);
    return `fileb://${path}`;
  }

  /**
   * JSON for a structure. Bytes inside it are text, which version 2 has to be told; bytes that are not text can be given
   * to version 2 only, in base64.
   */
  #json(value: unknown): string {
    const blobs = [...blobsIn(value)];
    const inBase64 = blobs.some((bytes) => printableText(bytes) === undefined);
    if (inBase64 && this.#version === 1) this.#preparing.push('# Version 1 of the AWS CLI cannot send these bytes; version 2 can.');
    if (blobs.length > 0 && !inBase64) this.#rawBytes = true;
    return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, seen) {
      // Some byte arrays have a toJSON of their own, so what stands in the structure is looked at, not what they make of it.
      const bytes = this[key];
      if (!(bytes instanceof Uint8Array)) return seen;
      return inBase64 ? Buffer.from(bytes).toString('base64') : printableText(bytes);
    });
  }
}

const namesFile = /^(fileb?|https?):\/\//;

/** Whether the CLI takes the text, as an item of a list, for what it is. */
function isPlain(text: string): boolean {
  return !namesFile.test(text) && !/^[-[{]/.test(text.trimStart());
}

function* blobsIn(value: unknown): Generator<Uint8Array> {
  if (value instanceof Uint8Array) yield value;
  else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) yield* blobsIn(member);
}
