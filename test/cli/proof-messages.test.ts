import { describe, expect, it } from 'vitest';
import { decoded, encoded } from '../../src/cli/proof-messages.ts';
import type { Sight } from '../../src/runner/proof/sight.ts';
import { ExitCode } from '../../src/util/exit-code.ts';
import { keepSecret } from '../../src/util/secrets.ts';
import { UserError } from '../../src/util/user-error.ts';

describe('what a thread of a proof says', () => {
  it('arrives as it was said', () => {
    const sight: Sight = { outcome: 'noticed', noticedBy: [{ step: 'stream', facts: ['shards of orders', 'shards of orders (2)'] }] };
    expect(decoded(encoded({ type: 'tried', sight }))).toEqual({ type: 'tried', sight });
  });

  it('may be a bug, which keeps its message and its stack', () => {
    const bug = new TypeError('undefined is not a stream');
    const sight: Sight = { outcome: 'untried', noticedBy: [], problem: { message: 'This is a bug.', bug } };
    const message = decoded(encoded({ type: 'tried', sight }));
    const arrived = message.type === 'tried' ? message.sight.problem?.bug : undefined;
    expect(arrived).toBeInstanceOf(Error);
    expect(arrived).toMatchObject({ message: bug.message, stack: bug.stack });
  });

  it('may be something that the user can do something about, which stays that', () => {
    const error = new UserError('The folder cannot be written to.', { exitCode: ExitCode.couldNotRun, hint: 'Name another one.' });
    const message = decoded(encoded({ type: 'failed', error }));
    expect(message).toMatchObject({ error: { message: error.message, exitCode: ExitCode.couldNotRun, hint: 'Name another one.' } });
    expect(message.type === 'failed' && message.error).toBeInstanceOf(UserError);
  });

  it('holds no secrets of its sandbox, which the other threads do not know', () => {
    const secret = 'a"quoted\\secret+of/this-sandbox=only';
    keepSecret(secret);
    const text = encoded({ type: 'said', text: `It was ${secret}, and\n"so on".` });
    expect(text).not.toMatch(/secret\+of|this-sandbox/);
    expect(decoded(text)).toMatchObject({ type: 'said', text: expect.stringMatching(/^It was .*, and\n"so on"\.$/) });
  });
});
