import { join } from 'node:path';
import { type PackedFile, ZippedFolder } from '../../aws/zipped-folder.ts';
import { didYouMean } from '../../util/closest.ts';
import { short } from '../../util/text.ts';
import { UserError } from '../../util/user-error.ts';
import type { Flaw } from '../step.ts';
import { nodeSyntaxFault, pythonSyntaxFault, type SyntaxFault } from './syntax.ts';

/** What a function is loaded from. */
interface Loaded {
  /** `index.handler`. */
  readonly handler: string;
  /** `nodejs22.x`. */
  readonly runtime: string;
  /** Folder of the code, absolute. */
  readonly code: string;
}

/** How the functions of a language are found and read. */
interface Language {
  /** The files that a handler may mean, `undefined` where it names no file (Lambda, "Define Lambda function handler"). */
  candidates(handler: string): readonly string[] | undefined;
  syntaxFault(file: PackedFile, files: readonly PackedFile[]): Promise<SyntaxFault | undefined>;
}

const languages: Readonly<Record<string, Language>> = {
  nodejs: {
    candidates(handler) {
      const [, path] = /^((?:[^/]*\/)*[^./]+)\.[^/]+$/.exec(handler) ?? [];
      return path === undefined ? undefined : [path, `${path}.js`, `${path}.mjs`, `${path}.cjs`];
    },
    syntaxFault: ({ name, data }, files) => nodeSyntaxFault(data, isEsModule(name, files) ? 'module' : 'commonjs'),
  },
  python: {
    candidates(handler) {
      const [, path] = /^(.+)\.[^./]+$/.exec(handler) ?? [];
      const base = path?.replaceAll('.', '/');
      return base === undefined ? undefined : [`${base}.py`, `${base}/__init__.py`];
    },
    syntaxFault: ({ data }) => pythonSyntaxFault(data),
  },
};

/** What is wrong with the code of a function, as far as it shows without running it. Nothing where the language is another one. */
export async function codeFlaws({ handler, runtime, code }: Loaded): Promise<readonly Flaw[]> {
  const files = await packed(code);
  if (files instanceof UserError) return [{ path: ['code'], message: files.message, ...(files.hint && { hint: files.hint }) }];
  const language = Object.entries(languages).find(([prefix]) => runtime.startsWith(prefix))?.[1];
  if (language === undefined) return [];
  const flaw = (message: string, hint: string): readonly Flaw[] => [{ path: ['handler'], message, ...(hint && { hint }) }];
  const candidates = language.candidates(handler);
  if (candidates === undefined) {
    return flaw(`The handler "${handler}" does not name a file and its export.`, 'Write the file, a dot, and the export: index.handler.');
  }
  const file = candidates.map((name) => files.find((each) => each.name === name)).find((each) => each !== undefined);
  if (file === undefined) {
    const names = files.map(({ name }) => name);
    const asked = candidates.find((name) => name.endsWith('.py') || name.endsWith('.js')) ?? '';
    const there = `It has ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}.`;
    return flaw(`${code} has no file for the handler "${handler}", such as ${asked}.`, didYouMean(asked, names) ?? there);
  }
  const fault = await language.syntaxFault(file, files);
  if (fault === undefined) return [];
  const line = new TextDecoder().decode(file.data).split(/\r?\n/)[fault.line - 1]?.trim() ?? '';
  const where = `${join(code, file.name)}:${fault.line}:${fault.column}`;
  return flaw(`${fault.by} cannot read the handler at ${where}: ${fault.message}.`, line && `The line there is: ${short(line)}`);
}

async function packed(code: string): Promise<readonly PackedFile[] | UserError> {
  try {
    return await new ZippedFolder(code).files();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** `.mjs` is one, and `.js` below a package.json that says so (Node.js, "Determining module system"). */
function isEsModule(name: string, files: readonly PackedFile[]): boolean {
  if (!name.endsWith('.js')) return name.endsWith('.mjs');
  const folders = name.split('/').slice(0, -1);
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const manifest = files.find((file) => file.name === [...folders.slice(0, depth), 'package.json'].join('/'));
    if (manifest !== undefined) return /"type"\s*:\s*"module"/.test(new TextDecoder().decode(manifest.data));
  }
  return false;
}
