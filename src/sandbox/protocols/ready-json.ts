import type { WholeBody } from '../wire.ts';

/**
 * A member of an answer in AWS JSON whose text is there already. It is sent as it is, so it has to be what the member's
 * shape would have become.
 */
export class ReadyJson {
  /** UTF-8. */
  readonly text: Uint8Array;

  constructor(text: Uint8Array) {
    this.text = text;
  }
}

/** An answer, some of whose members may be ready. */
export type WithReadyMembers<Output> = { [Member in keyof Output]: Output[Member] | ReadyJson };

/**
 * The text of an answer, with its ready members in front of the others. These are not copied.
 * @param writeRest makes the text of an object with the others
 */
export function jsonText(
  output: Readonly<Record<string, unknown>>,
  writeRest: (rest: Readonly<Record<string, unknown>>) => string,
): WholeBody {
  const pieces: Uint8Array[] = [];
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(output)) {
    if (value instanceof ReadyJson) pieces.push(Buffer.from(`${pieces.length === 0 ? '{' : ','}${JSON.stringify(name)}:`), value.text);
    else rest[name] = value;
  }
  const others = writeRest(rest);
  if (pieces.length === 0) return others;
  pieces.push(Buffer.from(others === '{}' ? '}' : `,${others.slice(1)}`));
  return pieces;
}
