import type { Surroundings } from '../../src/cli/surroundings.ts';

/** Surroundings that keep what is said: `out: `, `err: ` or `reveal: `, and the text. */
export function listening(over: Partial<Surroundings> = {}): { readonly io: Surroundings; readonly said: readonly string[] } {
  const said: string[] = [];
  const io: Surroundings = {
    env: {},
    cwd: '/',
    interactive: false,
    colour: false,
    width: 80,
    out: (text) => void said.push(`out: ${text}`),
    err: (text) => void said.push(`err: ${text}`),
    reveal: (text) => void said.push(`reveal: ${text}`),
    ...over,
  };
  return { io, said };
}
