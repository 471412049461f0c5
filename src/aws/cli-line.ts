import { printableText } from '../util/printable.ts';
import type { ServiceName } from '../util/sdk.ts';
import { shellWord } from '../util/shell-word.ts';
import { AnswerOf, type ApiCall } from './api-call.ts';
import { cliName } from './cli-name.ts';
import { ZippedFolder } from './zipped-folder.ts';

/** The two AWS CLIs in use. They differ in how bytes are given: version 1 takes text, version 2 base64 unless told. */
export type CliVersion = 1 | 2;

// Operations whose answer is a body of its own: the CLI wants a file to write it to.
const answersWithBody = new Set(['lambda:Invoke', 's3:GetObject']);

// What the CLI calls a service where it is not by the name of the SDK: `aws s3` is something else.
const cliServices: { readonly [Name in ServiceName]?: string } = { s3: 's3api' };

// Version 2 takes this beside bytes that are given as text; version 1 does not know it.
const rawBytes = '--cli-binary-format raw-in-base64-out';

// Version 1 of the AWS CLI sends SQS requests to AWS whatever AWS_ENDPOINT_URL says; it has to be told by the option.
const endpointOption = '${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"}';

// Longer commands are written with one option per line.
const lineLength = 100;

/** How calls are written. */
export interface CliStyle {
  /** `either`: fits both, where a line before has put the options for bytes into `RAW_BYTES`. */
  readonly version: CliVersion | 'either';
  /** Writes a value as a word of the shell. Default: `shellWord`. */
  readonly word?: (text: string) => string;
  /** The folder for files that are prepared. Default: `/tmp`. */
  readonly files?: string;
  /** The commands that make the archive of a folder as the file `path`. Default: with `zip`. */
  readonly archive?: (folder: ZippedFolder, path: string) => readonly string[];
  /** In front of the lines after the first of a long command. Default: two spaces. */
  readonly indent?: string;
  /** Options behind those of the request, such as `--output text`. */
  readonly more?: readonly string[];
}

/**
 * The shell commands that make a call with the AWS CLI, to be pasted into bash: commands that prepare a file, or put what
 * another call answers into a variable, where that is needed, then the `aws` command. A command may span several lines.
 */
export function cliLines(call: ApiCall, style: CliStyle): readonly string[] {
  const { preparing, command } = cliCommand(call, style);
  return [...preparing, command];
}

/** The same with the `aws` command apart, for what is put around it. */
export function cliCommand(call: ApiCall, style: CliStyle): { readonly preparing: readonly string[]; readonly command: string } {
  const line = new CommandLine(call, style);
  for (const [member, value] of Object.entries(call.input)) {
    // What a lab leaves empty is not sent either.
    if (value !== undefined && value !== null) line.add(member, value);
  }
  return line.end();
}

class CommandLine {
  readonly #call: ApiCall;
  readonly #style: CliStyle;
  readonly #word: (text: string) => string;
  readonly #preparing: string[] = [];
  readonly #options: string[] = [];
  #rawBytes = false;

  constructor(call: ApiCall, style: CliStyle) {
    this.#call = call;
    this.#style = style;
    this.#word = style.word ?? shellWord;
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

  end(): { readonly preparing: readonly string[]; readonly command: string } {
    const { service, operation } = this.#call;
    const { version, indent = '  ', more = [] } = this.#style;
    const options = [...this.#options];
    if (this.#rawBytes && version !== 1) options.push(version === 2 ? rawBytes : '$RAW_BYTES');
    if (answersWithBody.has(`${service}:${operation}`)) options.push('/dev/stdout');
    if (service === 'sqs' && version !== 2) options.push(endpointOption);
    const parts = [`aws ${cliServices[service] ?? service} ${cliName(operation)}`, ...options, ...more];
    const line = parts.join(' ');
    return { preparing: this.#preparing, command: line.length <= lineLength ? line : parts.join(` \\\n${indent}`) };
  }

  /** An option and its value; a value that looks like an option has to be tied to the one before. */
  #option(option: string, value: string): void {
    this.#options.push(value.startsWith('-') ? `${option}=${this.#word(value)}` : `${option} ${this.#word(value)}`);
  }

  #list(option: string, values: readonly unknown[]): void {
    const plain = values.length > 0 && values.every((value) => typeof value === 'number' || (typeof value === 'string' && isPlain(value)));
    if (plain) this.#options.push(`${option} ${values.map((value) => this.#word(String(value))).join(' ')}`);
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
    const { preparing, command } = cliCommand(call, { ...this.#style, more: [`--query ${this.#word(query)}`, '--output text'] });
    const name = cliName(member).replaceAll('-', '_').toUpperCase();
    this.#preparing.push(...preparing, `${name}=$(${command})`);
    return name;
  }

  get #files(): string {
    return this.#style.files ?? '/tmp';
  }

  #archive(folder: ZippedFolder): string {
    const path = `${this.#files}/${folder.name}.zip`;
    const { archive = zipped } = this.#style;
    this.#preparing.push(...archive(folder, path));
    return `fileb://${path}`;
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
    const path = `${this.#files}/${name}-${this.#preparing.length + 1}`;
    this.#preparing.push(`echo ${shellWord(Buffer.from(bytes).toString('base64'))} | base64 -d > ${this.#word(path)}`);
    return `fileb://${path}`;
  }

  /**
   * JSON for a structure. Bytes inside it are text, which version 2 has to be told; bytes that are not text can be given
   * to version 2 only, in base64.
   */
  #json(value: unknown): string {
    const blobs = [...blobsIn(value)];
    const inBase64 = blobs.some((bytes) => printableText(bytes) === undefined);
    if (inBase64 && this.#style.version !== 2) this.#preparing.push('# Version 1 of the AWS CLI cannot send these bytes; version 2 can.');
    if (blobs.length > 0 && !inBase64) this.#rawBytes = true;
    return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, seen) {
      // Some byte arrays have a toJSON of their own, so what stands in the structure is looked at, not what they make of it.
      const bytes = this[key];
      if (!(bytes instanceof Uint8Array)) return seen;
      return inBase64 ? Buffer.from(bytes).toString('base64') : printableText(bytes);
    });
  }
}

/** -FS takes files out of an older archive of that name which are not in the folder any more. */
function zipped({ folder }: ZippedFolder, path: string): readonly string[] {
  return [`(cd ${shellWord(folder)} && zip -q -r -FS ${shellWord(path)} .)`];
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
