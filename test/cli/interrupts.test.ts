import { afterEach, describe, expect, it } from 'vitest';
import { type Interrupts, listenForInterrupts } from '../../src/cli/interrupts.ts';

describe('interruptions', () => {
  const open: Interrupts[] = [];
  const told: string[] = [];
  afterEach(() => {
    for (const interrupts of open.splice(0)) interrupts.dispose();
    told.length = 0;
  });

  function listen(): Interrupts {
    const interrupts = listenForInterrupts({ onFirst: () => void told.push('first'), onSecond: () => void told.push('second') });
    open.push(interrupts);
    return interrupts;
  }

  it('interrupt the first time, and stop at once the second', () => {
    const interrupts = listen();
    interrupts.interrupt();
    expect([interrupts.signal.aborted, interrupts.abandon.aborted, told]).toEqual([true, false, ['first']]);
    interrupts.interrupt();
    expect([interrupts.abandon.aborted, told]).toEqual([true, ['first', 'second']]);
    interrupts.interrupt();
    expect(told).toEqual(['first', 'second']);
  });

  it('count once when npx passes on what the terminal has sent already', () => {
    const interrupts = listen();
    process.emit('SIGINT', 'SIGINT');
    process.emit('SIGINT', 'SIGINT');
    expect([interrupts.signal.aborted, interrupts.abandon.aborted]).toEqual([true, false]);
  });

  it('count twice when they differ: somebody means it', () => {
    const interrupts = listen();
    process.emit('SIGINT', 'SIGINT');
    process.emit('SIGTERM', 'SIGTERM');
    expect([interrupts.signal.aborted, interrupts.abandon.aborted]).toEqual([true, true]);
  });

  it('come from a machine when they are not Ctrl-C', () => {
    const interrupts = listen();
    expect(interrupts.byHand).toBe(true);
    process.emit('SIGTERM', 'SIGTERM');
    expect([interrupts.signal.aborted, interrupts.byHand]).toEqual([true, false]);
  });

  it('are one and the same, however the end of a terminal is heard of', () => {
    const interrupts = listen();
    interrupts.hangUp();
    process.emit('SIGHUP', 'SIGHUP');
    interrupts.hangUp();
    expect([interrupts.signal.aborted, interrupts.abandon.aborted, interrupts.byHand]).toEqual([true, false, false]);
  });

  it('are left to a shell that the learner works in', async () => {
    const interrupts = listen();
    await interrupts.leaveTo(async () => void process.emit('SIGINT', 'SIGINT'));
    expect(interrupts.signal.aborted).toBe(false);
    process.emit('SIGINT', 'SIGINT');
    expect(interrupts.signal.aborted).toBe(true);
  });

  it('are not listened for any more once that is over', () => {
    const before = process.listenerCount('SIGINT');
    const interrupts = listen();
    expect(process.listenerCount('SIGINT')).toBe(before + 1);
    interrupts.dispose();
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
