import { Turn } from '../turn.ts';
import { bodyLength, type Pieces, type WholeBody } from '../wire.ts';

/** The text of a list in JSON, UTF-8, and the list for those who want it in another form. */
export interface ListText extends Pieces {
  /** Its elements, as handlers answer them. */
  elements(): Iterable<object>;
}

/**
 * A list in an answer in AWS JSON whose text is there already. It is sent as it is, so it has to be what the member's
 * shape would have become.
 */
export class ReadyJson {
  readonly text: ListText;

  constructor(text: ListText) {
    this.text = text;
  }
}

/** Elements of a list that become text at a time. */
const stepElements = 250;

/** A long list, whose elements have only members that JSON has: text, numbers. Others have their turn while its text is made. */
export async function readyList(elements: readonly object[]): Promise<ReadyJson> {
  const turn = new Turn();
  const pieces: Buffer[] = [];
  for (let start = 0; start < elements.length; start += stepElements) {
    if (turn.over) await turn.pass();
    const text = JSON.stringify(elements.slice(start, start + stepElements));
    pieces.push(Buffer.from(`${start === 0 ? '[' : ','}${text.slice(1, -1)}`));
  }
  pieces.push(Buffer.from(elements.length === 0 ? '[]' : ']'));
  const byteLength = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  return new ReadyJson({ byteLength, [Symbol.iterator]: () => pieces[Symbol.iterator](), elements: () => elements });
}

/** An answer, some of whose members may be ready. */
export type WithReadyMembers<Output> = { [Member in keyof Output]: WithReadyEvents<Output[Member]> | ReadyJson };

/** Events of a stream have members as answers do. */
type WithReadyEvents<Value> = Value extends AsyncIterable<infer Event> ? AsyncIterable<ReadyEvent<Event>> : Value;
type ReadyEvent<Event> = { [Kind in keyof Event]: WithReadyMembers<Event[Kind]> };

/**
 * The text of an answer, with its ready members in front of the others. These are neither copied nor made before they are sent.
 * @param writeRest makes the text of an object with the others
 */
export function jsonText(
  output: Readonly<Record<string, unknown>>,
  writeRest: (rest: Readonly<Record<string, unknown>>) => string,
): WholeBody {
  const parts: (Uint8Array | Pieces)[] = [];
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(output)) {
    if (value instanceof ReadyJson) parts.push(Buffer.from(`${parts.length === 0 ? '{' : ','}${JSON.stringify(name)}:`), value.text);
    else rest[name] = value;
  }
  const others = writeRest(rest);
  if (parts.length === 0) return others;
  parts.push(Buffer.from(others === '{}' ? '}' : `,${others.slice(1)}`));
  return {
    byteLength: parts.reduce((sum, part) => sum + bodyLength(part), 0),
    *[Symbol.iterator]() {
      for (const part of parts) yield* part instanceof Uint8Array ? [part] : part;
    },
  };
}
