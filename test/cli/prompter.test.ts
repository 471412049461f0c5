import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPrompter, PromptCancelled, PromptClosed } from '../../src/cli/prompter.ts';

function rig() {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const stdout = new PassThrough();
  let text = '';
  stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const terminal = { stdin: input, stdout } as unknown as Pick<NodeJS.Process, 'stdin' | 'stdout'>;
  let interruptions = 0;
  const prompter = createPrompter({ interrupt: () => void interruptions++ }, terminal);
  return { input, prompter, interruptions: () => interruptions, shown: () => text };
}

const options = [
  { value: 'apply', title: 'Do it for me' },
  { value: 'quit', title: 'Leave' },
] as const;
const open = new AbortController().signal;

/** Types when the prompt listens. */
async function typed(input: PassThrough, keys: string): Promise<void> {
  while (input.listenerCount('data') === 0) await new Promise(setImmediate);
  input.write(keys);
}

describe('a prompter', () => {
  it('answers with what was chosen', async () => {
    const { prompter, input } = rig();
    const answer = prompter.choose('What now?', options, open);
    await typed(input, '\u001b[B\r');
    expect(await answer).toBe('quit');
  });

  it('knows apart what reads the same, and shows what was chosen', async () => {
    const { prompter, input, shown } = rig();
    const same = [
      { value: 'answer', title: 'Leave' },
      { value: 'quit', title: 'Leave' },
    ] as const;
    const answer = prompter.choose('What now?', same, open);
    await typed(input, '\u001b[B\r');
    expect(await answer).toBe('quit');
    expect(stripVTControlCharacters(shown())).toMatch(/What now\? · Leave\s*$/);
  });

  it('rejects when the input ends, instead of never answering', async () => {
    const { prompter, input } = rig();
    const answer = prompter.choose('What now?', options, open);
    await typed(input, '');
    input.end();
    await expect(answer).rejects.toBeInstanceOf(PromptClosed);
    await expect(prompter.confirm('Really?', true, open)).rejects.toBeInstanceOf(PromptClosed);
  });

  it('rejects when the terminal breaks down, which does not end the program', async () => {
    const { prompter, input } = rig();
    const answer = prompter.choose('What now?', options, open);
    await typed(input, '');
    input.destroy(new Error('read EIO'));
    await expect(answer).rejects.toBeInstanceOf(PromptClosed);
  });

  it('leaves the signals of the process to whoever takes things down', async () => {
    const listeners = () => (['SIGINT', 'SIGTERM', 'exit'] as const).map((name) => process.listenerCount(name));
    const before = listeners();
    const { prompter, input, shown } = rig();
    const answer = prompter.choose('What now?', options, open);
    await typed(input, '');
    expect(listeners()).toEqual(before);
    expect(shown()).toContain('\u001b[?25l');
    input.end();
    await expect(answer).rejects.toBeInstanceOf(PromptClosed);
    expect(shown().endsWith('\u001b[?25h')).toBe(true);
  });

  it('turns Ctrl-C into an interruption', async () => {
    const { prompter, input, interruptions } = rig();
    const answer = prompter.choose('What now?', options, open);
    await typed(input, '\u0003');
    await expect(answer).rejects.toBeInstanceOf(PromptCancelled);
    expect(interruptions()).toBe(1);
  });

  it('is cancelled when the run is interrupted from elsewhere', async () => {
    const { prompter, input, interruptions } = rig();
    const interrupt = new AbortController();
    const answer = prompter.confirm('Really?', true, interrupt.signal);
    await typed(input, '');
    interrupt.abort();
    await expect(answer).rejects.toBeInstanceOf(PromptCancelled);
    await expect(prompter.confirm('Really?', true, interrupt.signal)).rejects.toBeInstanceOf(PromptCancelled);
    expect(interruptions()).toBe(0);
  });
});
