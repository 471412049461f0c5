import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FunctionOutput } from '../../../src/sandbox/lambda/environments/function-output.ts';

function frame(text: string): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(0xa55a0003, 0);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

async function messagesOf(chunks: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const stream = new PassThrough();
  const messages: string[] = [];
  const output = new FunctionOutput(stream, (message) => messages.push(message));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await new Promise((resolve) => stream.on('end', resolve));
  output.flush();
  return messages;
}

describe('What a function writes', () => {
  it('becomes one message for each line, however the bytes arrive', async () => {
    expect(await messagesOf(['one\ntwo', '\nth', 'ree\n\nfour'])).toEqual(['one\n', 'two\n', 'three\n', '\n', 'four']);
  });

  it('is one message where it was framed, with all its lines', async () => {
    expect(await messagesOf([Buffer.concat([frame('a\nb\n'), frame('c\n')])])).toEqual(['a\nb\n', 'c\n']);
  });

  it('keeps its order when lines and frames alternate', async () => {
    expect(await messagesOf([Buffer.concat([Buffer.from('first\nsecond'), frame('third\n'), Buffer.from('fourth\n')])])).toEqual([
      'first\n',
      'second',
      'third\n',
      'fourth\n',
    ]);
  });

  it('is understood byte by byte', async () => {
    const bytes = Buffer.concat([Buffer.from('grüße ¥\n'), frame('ein\nzwei\n'), Buffer.from('ende\n')]);
    expect(await messagesOf([...bytes].map((byte) => Buffer.from([byte])))).toEqual(['grüße ¥\n', 'ein\nzwei\n', 'ende\n']);
  });

  it('is cut where a line does not end', async () => {
    const [first = '', second = ''] = await messagesOf(['x'.repeat(300_000), 'y\n']);
    expect([first.length, second]).toEqual([300_000, 'y\n']);
  });
});
