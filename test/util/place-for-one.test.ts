import { describe, expect, it } from 'vitest';
import { PlaceForOne } from '../../src/util/place-for-one.ts';

describe('a place for one', () => {
  it('is had at once by who comes first, and by the others in the order in which they came', async () => {
    const place = new PlaceForOne();
    const entered: string[] = [];
    const come = (name: string) => place.enter().then(() => entered.push(name));
    await come('first');
    const others = ['second', 'third'].map(come);
    expect(entered).toEqual(['first']);
    place.leave();
    await others[0];
    expect(entered).toEqual(['first', 'second']);
    place.leave();
    await others[1];
    expect(entered).toEqual(['first', 'second', 'third']);
  });

  it('is had at once again when all have left it', async () => {
    const place = new PlaceForOne();
    for (let index = 0; index < 3; index += 1) {
      await place.enter();
      place.leave();
    }
  });

  it('is not had by who comes while it goes to another', async () => {
    const place = new PlaceForOne();
    const entered: string[] = [];
    await place.enter();
    const second = place.enter().then(() => entered.push('second'));
    place.leave();
    void place.enter().then(() => entered.push('third'));
    await second;
    await Promise.resolve();
    expect(entered).toEqual(['second']);
  });
});
