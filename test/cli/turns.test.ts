import { describe, expect, it } from 'vitest';
import { takeTurns } from '../../src/cli/turns.ts';
import { listening } from '../support/surroundings.ts';

describe('what several print at the same time', () => {
  it('comes out whole and in order, and at once for whoever is first', () => {
    const { io, said } = listening();
    const [one, two] = takeTurns(2, io);
    one?.io.out('one begins\n');
    two?.io.out('two begins\n');
    one?.io.out('one ends\n');
    two?.io.out('two goes on\n');
    expect(said).toEqual(['out: one begins\n', 'out: one ends\n']);
    one?.end();
    expect(said.slice(2)).toEqual(['out: two begins\n', 'out: two goes on\n']);
    two?.io.out('two ends\n');
    expect(said.at(-1)).toBe('out: two ends\n');
  });

  it('comes out when all before it have ended, whoever ends first', () => {
    const { io, said } = listening();
    const [one, two, three, four] = takeTurns(4, io);
    for (const [index, turn] of [one, two, three, four].entries()) turn?.io.out(`${index + 1}`);
    three?.end();
    two?.end();
    expect(said).toEqual(['out: 1']);
    one?.end();
    expect(said).toEqual(['out: 1', 'out: 2', 'out: 3', 'out: 4']);
  });

  it('keeps the order of all that is printed', () => {
    const { io, said } = listening();
    const [one, two] = takeTurns(2, io);
    two?.io.out('a');
    two?.io.err('b');
    two?.io.reveal('c');
    one?.end();
    expect(said).toEqual(['out: a', 'err: b', 'reveal: c']);
  });

  it('knows as much about the terminal as anybody', () => {
    const { io } = listening({ width: 60, colour: true });
    expect(takeTurns(1, io)[0]?.io).toMatchObject({ width: 60, colour: true });
  });
});
