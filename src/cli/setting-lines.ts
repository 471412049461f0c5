import { basename } from 'node:path';
import { shellWord } from '../util/shell-word.ts';
import type { Surroundings } from './surroundings.ts';

/** The shells that people use; others like the Bourne shell take the lines for `bash`. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** Variables that are to be set, or not to be set (`undefined`). */
type Environment = Readonly<Record<string, string | undefined>>;

/** The lines that set an environment up in a shell; what is set in `present` and must not be is taken away. */
export function settingLines(shell: Shell, environment: Environment, present: Surroundings['env']): readonly string[] {
  const { set, unset } = writers[shell];
  return Object.entries(environment).flatMap(([name, value]) => {
    if (value !== undefined) return [set(name, value)];
    return present[name] === undefined ? [] : [unset(name)];
  });
}

/** The shell that somebody uses, by `SHELL`. */
export function shellOf({ SHELL }: Surroundings['env']): Shell {
  const name = basename(SHELL ?? '');
  if (name === 'pwsh') return 'powershell';
  return name === 'fish' ? 'fish' : 'bash';
}

interface Writer {
  set(name: string, value: string): string;
  unset(name: string): string;
}

const bourne: Writer = { set: (name, value) => `export ${name}=${shellWord(value)}`, unset: (name) => `unset ${name}` };

const writers: Readonly<Record<Shell, Writer>> = {
  bash: bourne,
  zsh: bourne,
  fish: {
    // Between single quotes a backslash means something before a quote and before itself only (fish documentation, "Quotes").
    set: (name, value) => `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    set: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name) => `Remove-Item Env:${name}`,
  },
};

/** A section of a file like `~/.aws/config`. @param settings by their names there */
export function profileLines(name: string, settings: Readonly<Record<string, string>>): readonly string[] {
  return [`[profile ${name}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`)];
}
