/**
 * The secrets that this process has been given: those of its environment, and of the credentials that it signs with. One
 * list for the whole process, because its terminal, its ledgers and its reports are one for the whole process as well.
 */
const grams = new Map<string, number>();
/** Of each gram, every piece of `pieceLength`: the few places of a text where one of them stands are all that is worth a closer look. */
const pieces = new Map<string, number>();

// As many characters of a secret are enough to know it by, wherever a text was cut off.
const gramLength = 12;
// Wherever a gram lies in a text, a whole piece of it begins at a multiple of this.
const pieceLength = gramLength / 2;
// What is shorter is the word that somebody gave to an emulator. A secret access key of AWS has 40 characters.
const shortest = 16;

/** Remembers values that must not be shown from now on: as they are, and as they look in a URL and in base64. */
export function keepSecret(...values: readonly (string | undefined)[]): void {
  count(values, 1);
}

/** Forgets values, once for each time that they were remembered: nothing that is shown from now on can hold them. */
export function forgetSecret(...values: readonly (string | undefined)[]): void {
  count(values, -1);
}

function count(values: readonly (string | undefined)[], by: 1 | -1): void {
  for (const value of values) {
    if (value === undefined || value.length < shortest) continue;
    for (const form of [value, encodeURIComponent(value), ...base64Forms(value)]) {
      countParts(form, gramLength, grams, by);
      countParts(form, pieceLength, pieces, by);
    }
  }
}

function countParts(form: string, length: number, counts: Map<string, number>, by: 1 | -1): void {
  for (let at = 0; at + length <= form.length; at++) {
    const part = form.slice(at, at + length);
    const times = (counts.get(part) ?? 0) + by;
    if (times > 0) counts.set(part, times);
    else counts.delete(part);
  }
}

/** The ranges of a text that are secrets, or parts of them. */
export function secretRanges(text: string): readonly (readonly [start: number, end: number])[] {
  const ranges: [number, number][] = [];
  if (grams.size === 0) return ranges;
  let seen = 0;
  for (let place = 0; place + pieceLength <= text.length; place += pieceLength) {
    if (!pieces.has(text.slice(place, place + pieceLength))) continue;
    for (let at = Math.max(seen, place - pieceLength); at <= place; at++) {
      if (!grams.has(text.slice(at, at + gramLength))) continue;
      const last = ranges.at(-1);
      if (last !== undefined && at <= last[1]) last[1] = at + gramLength;
      else ranges.push([at, at + gramLength]);
    }
    seen = place + 1;
  }
  return ranges;
}

/** What of the base64 of a longer text is due to the value alone, for each of the three ways in which it can lie there. */
function base64Forms(value: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    return bytes.toString('base64').slice(before === 0 ? 0 : before + 1, -4);
  });
}
