import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Ledger, liveResources } from '../../src/runner/ledger.ts';
import { type LedgerHeader, parseLedger } from '../../src/runner/ledger-text.ts';
import { beginLedger, hasEnded, liveLedgers, readLedgers } from '../../src/runner/state-folder.ts';
import { identityOf } from '../../src/util/process-identity.ts';

const started = Date.UTC(2026, 10, 21, 9, 30);
const run = {
  lab: { id: '01', file: 'labs/01-hello-kinesis.md' },
  target: { label: 'aws', region: 'us-east-1', account: '123456789012' },
  prefix: '',
  values: { vars: {}, names: { stream: 'orders' } },
};
const stream = { type: 'kinesis:stream', id: 'orders' };
const role = { type: 'iam:role', id: 'reader' };

function begin(endsWithProcess?: LedgerHeader['target']['endsWithProcess']) {
  const folder = { path: mkdtempSync(join(tmpdir(), 'kinesis-labs-test-')) };
  const target = { ...run.target, ...(endsWithProcess === undefined ? {} : { endsWithProcess }) };
  const ledger = beginLedger(folder, { ...run, target }, () => started);
  return { folder, ledger };
}

function read({ file }: Ledger) {
  return parseLedger(readFileSync(file, 'utf8'), file);
}

/** A process id that was in use and no longer is. */
const deadProcess = 2 ** 22 + 1;

describe('a ledger', () => {
  it('is a file of JSON lines that begins with which run it is', () => {
    const { ledger } = begin();
    ledger.announce({ entry: 'intended', step: 'stream', ...stream });
    const lines = readFileSync(ledger.file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { ledger: 2, run: ledger.header.run, nonce: ledger.header.nonce, started: '2026-11-21T09:30:00.000Z', ...run },
      { entry: 'intended', step: 'stream', type: 'kinesis:stream', id: 'orders', at: '2026-11-21T09:30:00.000Z' },
    ]);
    expect(ledger.header.run).toBe(`20261121T093000Z-01-${ledger.header.nonce}`);
  });

  it('can be read by its owner only', () => {
    expect(statSync(begin().ledger.file).mode & 0o777).toBe(0o600);
  });

  it('lists what is alive in the order of removal: the last creation first', () => {
    const { ledger } = begin();
    ledger.announce({ entry: 'planned', step: 'role', ...role }, { entry: 'planned', step: 'stream', ...stream });
    ledger.note({ entry: 'created', step: 'stream', ...stream }, { entry: 'created', step: 'role', ...role });
    expect(ledger.live.map(({ ref }) => ref.id)).toEqual(['reader', 'orders']);
  });

  it('takes what is removed off the list, and keeps what could not be removed in its place', () => {
    const { ledger } = begin();
    ledger.note({ entry: 'created', step: 'role', ...role }, { entry: 'created', step: 'stream', ...stream });
    ledger.note({ entry: 'kept', ...role, why: 'no permission' }, { entry: 'removed', ...stream });
    const at = '2026-11-21T09:30:00.000Z';
    expect(ledger.live).toEqual([{ ref: role, steps: ['role'], since: at, announced: at, state: 'created' }]);
    ledger.note({ entry: 'created', step: 'stream', ...stream }, { entry: 'kept', ...role, why: 'no permission' });
    expect(ledger.live.map(({ ref }) => ref.id)).toEqual(['orders', 'reader']);
  });

  it('never lists what was found, whenever that turned out', () => {
    const { ledger } = begin();
    ledger.note({ entry: 'found', step: 'stream', ...stream });
    expect(ledger.live).toEqual([]);
    ledger.announce({ entry: 'intended', step: 'role', ...role });
    ledger.note({ entry: 'found', ...role });
    expect(ledger.live).toEqual([]);
  });

  it('tells what is planned from what its step has begun with, and that from what was seen', () => {
    const { ledger } = begin();
    const states = () => ledger.live.map(({ state }) => state);
    ledger.announce({ entry: 'planned', step: 'stream', ...stream });
    expect(states()).toEqual(['planned']);
    ledger.announce({ entry: 'intended', step: 'stream', ...stream });
    expect(states()).toEqual(['intended']);
    ledger.note({ entry: 'created', step: 'stream', ...stream });
    expect(states()).toEqual(['created']);
    ledger.announce({ entry: 'intended', step: 'stream', ...stream });
    expect(states()).toEqual(['created']);
  });

  it('goes on behind the last whole line when it is taken up again, whatever bytes were torn off', () => {
    const { ledger } = begin();
    ledger.announce({ entry: 'intended', step: 'stream', ...stream });
    ledger.close();
    appendFileSync(ledger.file, Buffer.from([...Buffer.from('{"entry":"inten'), 0, 0xc3, 0xff]));
    const again = Ledger.resume(ledger.file, () => started);
    again.note({ entry: 'created', step: 'stream', ...stream });
    const { entries, damaged } = read(ledger);
    expect(entries.map(({ entry }) => entry)).toEqual(['intended', 'created']);
    expect(damaged).toEqual([]);
    expect(again.header).toEqual(ledger.header);
  });
});

describe('a ledger whose disk has let it down', () => {
  it('can be read when its last line was being written as the process died', () => {
    const { ledger } = begin();
    ledger.announce({ entry: 'intended', step: 'stream', ...stream });
    appendFileSync(ledger.file, '{"entry":"intended","step":"ro');
    expect(liveResources(read(ledger).entries).map(({ ref }) => ref.id)).toEqual(['orders']);
    expect(read(ledger).damaged).toEqual([]);
  });

  it.each([
    ['a line that is not JSON', 'nonsense\n'],
    ['an empty object', '{}\n'],
    ['an entry that nobody knows', '{"entry":"borrowed","at":"2026-11-21T09:30:00.000Z"}\n'],
    ['an entry that lacks what it is about', '{"entry":"intended","at":"2026-11-21T09:30:00.000Z","step":"role"}\n'],
    ['a list', '[1]\n'],
    ['a line of zeros', `${'\0'.repeat(40)}\n`],
  ])('gives what its other lines say, and the number of %s', (_what, line) => {
    const { ledger } = begin();
    ledger.announce({ entry: 'intended', step: 'stream', ...stream });
    appendFileSync(ledger.file, line);
    appendFileSync(ledger.file, `${JSON.stringify({ entry: 'intended', at: '2026-11-21T09:30:00.000Z', step: 'role', ...role })}\n`);
    expect(liveResources(read(ledger).entries).map(({ ref }) => ref.id)).toEqual(['reader', 'orders']);
    expect(read(ledger).damaged).toEqual([3]);
    expect(Ledger.resume(ledger.file, () => started).damaged).toEqual([3]);
  });

  it('gives a line in front of which a power cut has left zeros', () => {
    const { ledger } = begin();
    appendFileSync(
      ledger.file,
      `${'\0'.repeat(512)}${JSON.stringify({ entry: 'intended', at: '2026-11-21T09:30:00.000Z', step: 'role', ...role })}\n`,
    );
    expect(liveResources(read(ledger).entries).map(({ ref }) => ref.id)).toEqual(['reader']);
    expect(read(ledger).damaged).toEqual([]);
  });

  it.each([
    ['another file', '{"name":"x"}\n'],
    ['a header without a target', '{"ledger":1,"run":"x","nonce":"n","started":"s","prefix":"","lab":{"id":"1","file":"f"},"values":{}}\n'],
    ['zeros', '\0\0\0\n'],
  ])('refuses %s, and says how to find what the run created', (_what, text) => {
    expect(() => parseLedger(text, 'x.jsonl')).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('x.jsonl is not a ledger'),
        hint: expect.stringContaining('clean --all'),
      }),
    );
  });

  it('of format 1 is read as it is, and is raised to this one when its run goes on', () => {
    const { ledger } = begin();
    ledger.announce({ entry: 'intended', step: 'stream', ...stream });
    ledger.close();
    const old = readFileSync(ledger.file, 'utf8').replace('"ledger":2', '"ledger":1');
    writeFileSync(ledger.file, `${old}{"entry":"inten`);
    expect(liveResources(parseLedger(old, ledger.file).entries).map(({ ref }) => ref.id)).toEqual(['orders']);
    const again = Ledger.resume(ledger.file, () => started);
    again.note({ entry: 'session', mode: 'guide', steps: [] });
    again.close();
    const { header, entries, damaged } = parseLedger(readFileSync(ledger.file, 'utf8'), ledger.file);
    expect(header).toEqual({ ...ledger.header, ledger: 2 });
    expect(entries.map(({ entry }) => entry)).toEqual(['intended', 'session']);
    expect(damaged).toEqual([]);
    expect(readdirSync(dirname(ledger.file))).toHaveLength(1);
  });

  it('leaves out a session that does not say which steps there were, as it does any line that it cannot read', () => {
    const { ledger } = begin();
    ledger.close();
    appendFileSync(ledger.file, '{"entry":"session","at":"","mode":"guide","steps":[{"id":"a"}]}\n');
    expect(parseLedger(readFileSync(ledger.file, 'utf8'), ledger.file)).toMatchObject({ entries: [], damaged: [2] });
  });

  it('refuses the format of a newer version', () => {
    expect(() => parseLedger('{"ledger":3,"run":"x"}\n', 'x.jsonl')).toThrow(
      'written by a newer kinesis-labs (ledger format 3; this one reads 2)',
    );
  });
});

describe('a state folder', () => {
  it('has no ledgers before the first run', () => {
    expect(readLedgers({ path: join(tmpdir(), 'there-is-no-such-folder') })).toEqual({ ledgers: [], unreadable: [] });
  });

  it('tells which runs have something alive', () => {
    const { folder, ledger } = begin();
    expect(liveLedgers(readLedgers(folder).ledgers)).toEqual([]);
    ledger.announce({ entry: 'intended', step: 'stream', ...stream });
    expect(liveLedgers(readLedgers(folder).ledgers).map(({ header }) => header.run)).toEqual([ledger.header.run]);
  });

  it('counts nothing as alive on a target whose process has ended', () => {
    const { folder, ledger } = begin({ pid: deadProcess });
    ledger.note({ entry: 'created', step: 'stream', ...stream });
    expect(hasEnded(ledger)).toBe(true);
    expect(liveLedgers(readLedgers(folder).ledgers)).toEqual([]);
  });

  it('knows a process again, and does not take another one with the same id for it', () => {
    const own = identityOf(process.pid);
    expect(hasEnded(begin(own).ledger)).toBe(false);
    expect(hasEnded(begin({ ...own, began: 'at another time' }).ledger)).toBe(true);
  });

  it('reads the good ledgers beside a damaged one and a folder in the place of one, which it names', () => {
    const { folder, ledger } = begin();
    const damaged = join(folder.path, 'runs', '0.jsonl');
    writeFileSync(damaged, 'nonsense\n');
    mkdirSync(join(folder.path, 'runs', '1.jsonl'));
    const { ledgers, unreadable } = readLedgers(folder);
    expect(ledgers.map(({ file }) => file)).toEqual([ledger.file]);
    expect(unreadable.map(({ run: id, problem }) => [id, problem.message])).toEqual([
      ['0', `${damaged} is not a ledger: its first line is not the header of a run.`],
      ['1', expect.stringContaining('1.jsonl cannot be read: EISDIR')],
    ]);
  });

  it('takes an empty ledger, and one whose header was being written, for a run that has announced nothing', () => {
    const { folder, ledger } = begin();
    truncateSync(ledger.file, 20);
    writeFileSync(join(folder.path, 'runs', '0.jsonl'), '');
    expect(readLedgers(folder)).toEqual({ ledgers: [], unreadable: [] });
  });

  it('begins no run where it cannot write, and leaves nothing half made', () => {
    const { folder } = begin();
    writeFileSync(join(folder.path, 'file'), '');
    expect(() => beginLedger({ path: join(folder.path, 'file') }, run)).toThrow('a part of its path is not a folder');
    expect(readdirSync(folder.path).sort()).toEqual(['file', 'runs']);
  });
});
