import type { Surroundings } from './surroundings.ts';

/** The output of one of several that work side by side. */
export interface Turn {
  /** What is printed here comes out at once while it is this one's turn, and else as soon as it is. */
  readonly io: Surroundings;
  /** Nothing more is printed: whoever is next may speak. */
  end(): void;
}

/** Keeps apart what several print at the same time: the output of each comes out whole, and in the order of the turns. */
export function takeTurns(count: number, io: Surroundings): readonly Turn[] {
  const held: (() => void)[][] = Array.from({ length: count }, () => []);
  const ended = new Set<number>();
  let current = 0;

  function say(turn: number, print: () => void): void {
    if (turn === current) print();
    else held[turn]?.push(print);
  }

  function end(turn: number): void {
    ended.add(turn);
    while (ended.has(current)) {
      current += 1;
      for (const print of held[current]?.splice(0) ?? []) print();
    }
  }

  return held.map((_, turn) => ({
    io: {
      ...io,
      out: (text) => say(turn, () => io.out(text)),
      err: (text) => say(turn, () => io.err(text)),
      reveal: (text) => say(turn, () => io.reveal(text)),
    },
    end: () => end(turn),
  }));
}
