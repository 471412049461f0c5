import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Ledger, liveResources, parseLedger } from '../../src/runner/ledger.ts';
import { beginLedger, hasEnded, liveLedgers, readLedgers } from '../../src/runner/state-folder.ts';

const started = Date.UTC(2026, 10, 21, 9, 30);
const run = {
  lab: { id: '01', file: 'labs/01-hello-kinesis.md' },
  target: { label: 'aws', region: 'us-east-1', account: '123456789012' },
  prefix: '',
  values: { vars: {}, names: { stream: 'orders' } },
};
const stream = { type: 'kinesis:stream', id: 'orders' };
const role = { type: 'iam:role', id: 'reader' };

function begin(target: Partial<typeof run.target & { endsWithProcess: number }> = {}) {
  const folder = { path: mkdtempSync(join(tmpdir(), 'kinesis-labs-test-')) };
  const ledger = beginLedger(folder, { ...run, target: { ...run.target, ...target } }, () => started);
  return { folder, ledger };
}

/** A process id that was in use and no longer is. */
const deadProcess = 2 ** 22 + 1;

describe('a ledger', () => {
  it('is a file of JSON lines that begins with which run it is', () => {
    const { ledger } = begin();
    ledger.note({ entry: 'intended', step: 'stream', ...stream });
    const lines = readFileSync(ledger.file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { ledger: 1, run: ledger.header.run, nonce: ledger.header.nonce, started: '2026-11-21T09:30:00.000Z', ...run },
      { entry: 'intended', step: 'stream', type: 'kinesis:stream', id: 'orders', at: '2026-11-21T09:30:00.000Z' },
    ]);
    expect(ledger.header.run).toBe(`20261121T093000Z-01-${ledger.header.nonce}`);
  });

  it('can be read by its owner only', () => {
    expect(statSync(begin().ledger.file).mode & 0o777).toBe(0o600);
  });

  it('lists what is alive in the order of removal: the last creation first', () => {
    const { ledger } = begin();
    ledger.note({ entry: 'intended', step: 'role', ...role }, { entry: 'intended', step: 'stream', ...stream });
    ledger.note({ entry: 'created', step: 'stream', ...stream }, { entry: 'created', step: 'role', ...role });
    expect(ledger.live.map(({ ref }) => ref.id)).toEqual(['reader', 'orders']);
  });

  it('takes what is removed off the list, and keeps what could not be removed in its place', () => {
    const { ledger } = begin();
    ledger.note({ entry: 'created', step: 'role', ...role }, { entry: 'created', step: 'stream', ...stream });
    ledger.note({ entry: 'kept', ...role, why: 'no permission' }, { entry: 'removed', ...stream });
    expect(ledger.live).toEqual([{ ref: role, since: '2026-11-21T09:30:00.000Z', certain: true }]);
    ledger.note({ entry: 'created', step: 'stream', ...stream }, { entry: 'kept', ...role, why: 'no permission' });
    expect(ledger.live.map(({ ref }) => ref.id)).toEqual(['orders', 'reader']);
  });

  it('never lists what was found', () => {
    const { ledger } = begin();
    ledger.note({ entry: 'found', step: 'stream', ...stream });
    expect(ledger.live).toEqual([]);
  });

  it('is not certain of what was only intended', () => {
    const { ledger } = begin();
    ledger.note({ entry: 'intended', step: 'stream', ...stream });
    expect(ledger.live[0]?.certain).toBe(false);
  });

  it('can be read when its last line was being written as the process died', () => {
    const { ledger } = begin();
    ledger.note({ entry: 'intended', step: 'stream', ...stream });
    appendFileSync(ledger.file, '{"entry":"intended","step":"ro');
    expect(liveResources(parseLedger(readFileSync(ledger.file, 'utf8'), ledger.file).entries).map(({ ref }) => ref.id)).toEqual(['orders']);
  });

  it('goes on behind the last whole line when it is taken up again', () => {
    const { ledger } = begin();
    ledger.note({ entry: 'intended', step: 'stream', ...stream });
    ledger.close();
    appendFileSync(ledger.file, '{"entry":"inten');
    const again = Ledger.resume(ledger.file, () => started);
    again.note({ entry: 'created', step: 'stream', ...stream });
    const { entries } = parseLedger(readFileSync(ledger.file, 'utf8'), ledger.file);
    expect(entries.map(({ entry }) => entry)).toEqual(['intended', 'created']);
    expect(again.header).toEqual(ledger.header);
  });

  it('refuses a line in the middle that is not JSON, by its number', () => {
    const { ledger } = begin();
    appendFileSync(ledger.file, 'nonsense\n{}\n');
    expect(() => parseLedger(readFileSync(ledger.file, 'utf8'), ledger.file)).toThrow(`${ledger.file} is damaged: line 2 is not JSON.`);
  });

  it('refuses the format of a newer version', () => {
    expect(() => parseLedger('{"ledger":2,"run":"x"}\n', 'x.jsonl')).toThrow(
      'written by a newer kinesis-labs (ledger format 2; this one reads 1)',
    );
  });

  it('refuses another file', () => {
    expect(() => parseLedger('{"name":"x"}\n', 'x.jsonl')).toThrow('x.jsonl is not a ledger');
  });
});

describe('a state folder', () => {
  it('has no ledgers before the first run', () => {
    expect(readLedgers({ path: join(tmpdir(), 'there-is-no-such-folder') })).toEqual({ ledgers: [], unreadable: [] });
  });

  it('tells which runs have something alive', () => {
    const { folder, ledger } = begin();
    expect(liveLedgers(readLedgers(folder).ledgers)).toEqual([]);
    ledger.note({ entry: 'intended', step: 'stream', ...stream });
    expect(liveLedgers(readLedgers(folder).ledgers).map(({ header }) => header.run)).toEqual([ledger.header.run]);
  });

  it('counts nothing as alive on a target whose process has ended', () => {
    const { folder, ledger } = begin({ endsWithProcess: deadProcess });
    ledger.note({ entry: 'created', step: 'stream', ...stream });
    expect(hasEnded(ledger.header)).toBe(true);
    expect(liveLedgers(readLedgers(folder).ledgers)).toEqual([]);
  });

  it('reads the good ledgers beside a damaged one, which it names', () => {
    const { folder, ledger } = begin();
    const damaged = join(folder.path, 'runs', '0.jsonl');
    writeFileSync(damaged, 'nonsense\n');
    const { ledgers, unreadable } = readLedgers(folder);
    expect(ledgers.map(({ file }) => file)).toEqual([ledger.file]);
    expect(unreadable.map(({ message }) => message)).toEqual([`${damaged} is damaged: line 1 is not JSON.`]);
  });
});
