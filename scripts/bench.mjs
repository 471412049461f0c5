// Measures the sandbox side by side with other emulators of Kinesis, and with a bare Node server as the ceiling, in one run on
// one machine. Ratios are what counts; absolute figures are those of this machine. Runs on what was built.
//
//   npm run bench [-- --records N] [-- --seconds S] [-- --output FILE.json] [-- --only NAME,NAME]
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { drain, fill, percentile, putRecord, putRecords } from './bench/measures.mjs';
import { pauses } from './bench/pause-measures.mjs';
import { functions } from './bench/sandbox-measures.mjs';
import { classOfAccounts, scale } from './bench/scale-measures.mjs';
import { installPeers, servers, start } from './bench/servers.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const { values: flags } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '5' },
    output: { type: 'string' },
    only: { type: 'string' },
  },
});
const records = Number(flags.records);
const ms = Number(flags.seconds) * 1_000;
const starts = 5;
// Nobody waits longer than this for one server to be filled.
const fillMs = 120_000;

const missing = installPeers();
if (missing !== undefined) console.log(`The other emulators are left out, because npm could not install them: ${missing}`);
const wanted = flags.only?.split(',');
const measured = servers.filter(({ name, peer }) => (wanted === undefined || wanted.includes(name)) && !(peer && missing !== undefined));
const results = new Map();
for (const server of measured) results.set(server.name, await measure(server));
await measureInTurns();

const scaleText = `${scale.accounts} accounts, ${scale.streams.toLocaleString('en')} streams, ${scale.functions} mapped functions`;
const rows = [
  ['cold start to first answer, ms', (r) => r.startMs, 'less'],
  ['idle, megabytes', (r) => r.idleMegabytes, 'less'],
  ['PutRecord p50, ms', (r) => r.putRecord?.p50, 'less'],
  ['PutRecord p99, ms', (r) => r.putRecord?.p99, 'less'],
  ['PutRecords by 8 callers, records/s', (r) => r.putRecords?.perSecond, 'more'],
  [`memory with ${records.toLocaleString('en')} records, megabytes`, (r) => r.filled?.megabytes, 'less'],
  ['GetRecords until all are read, records/s', (r) => r.drain?.perSecond, 'more'],
  ['longest of many PutRecord in a tenth of a second, ms', (r) => r.pauses?.quiet, 'less'],
  ['the same while 10 MB of records are read, ms', (r) => r.pauses?.read, 'less'],
  ['the same while 5 MB of records are put, ms', (r) => r.pauses?.put, 'less'],
  ['the same while 100,000 events of a log are looked through, ms', (r) => r.pauses?.search, 'less'],
  ['the same while a function is invoked with 6 MB, ms', (r) => r.pauses?.invoke, 'less'],
  ['the same while a function is given 10,000 records, ms', (r) => r.pauses?.batch, 'less'],
  ['the same while 36 MB of code are uploaded, ms', (r) => r.pauses?.upload, 'less'],
  ['put to log line of a warm function p50, ms', (r) => r.functions?.p50, 'less'],
  ['ten mappings that wait, share of a processor', (r) => r.functions?.idle.share, 'less'],
  ['ten mappings that wait, megabytes', (r) => r.functions?.idle.megabytes, 'less'],
  ['PutRecord p50 in one account that is alone, ms', (r) => r.scale?.alone, 'less'],
  [`PutRecord p50 among ${scaleText}, ms`, (r) => r.scale?.among, 'less'],
  ['all of them while nobody calls, share of a processor', (r) => r.scale?.idle.share, 'less'],
  ['all of them while nobody calls, megabytes', (r) => r.scale?.idle.megabytes, 'less'],
];
printTable();
if (flags.output !== undefined) {
  const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model };
  writeFileSync(flags.output, `${JSON.stringify({ format: 1, machine, records, servers: Object.fromEntries(results) }, undefined, 2)}\n`);
}

/** All figures of one server; each is taken of a server that was just started. What it cannot do is left out, with the reason. */
async function measure(server) {
  const result = { failed: {} };
  const take = async (name, work, options) => {
    process.stderr.write(`${server.name}: ${name}\n`);
    try {
      const running = await start(server, options);
      try {
        return await work(running);
      } finally {
        await running.stop();
      }
    } catch (error) {
      result.failed[name] = error.message;
      return undefined;
    }
  };
  const times = [];
  for (let index = 0; index < starts; index += 1) times.push(await take('start', ({ startMs }) => startMs));
  result.startMs = percentile(
    times.filter((time) => time !== undefined),
    0.5,
  );
  result.idleMegabytes = await take('idle', (running) => running.memory());
  result.putRecords = await take('PutRecords', (running) => putRecords(running, { ms }));
  result.pauses = await take('pauses', (running) => pauses(running));
  if (!server.ours) return result;
  result.functions = await take('functions', (running) => functions(running, { puts: 200, idleMs: 15_000 }));
  result.scale = await take('scale', (running) => classOfAccounts(running, { calls: 1_000, idleMs: 15_000 }), { accounts: scale.accounts });
  return result;
}

/** The figures that are compared most closely: of servers that take turns, because a machine is not as fast in one minute as in the next. */
async function measureInTurns() {
  await together('putRecord', (running) => putRecord(running, { ms }));
  await together(
    'drain',
    (running) => drain(running, { records }),
    async ({ result, running }) => {
      result.filled = await fill(running, { records, fillMs });
      if (result.filled.megabytes === undefined) throw new Error(`It took ${result.filled.filled} records in ${fillMs / 1_000} s.`);
    },
  );
}

/** Takes a figure of all servers that can be started and prepared. */
async function together(name, work, prepare = async () => undefined) {
  process.stderr.write(`all: ${name}\n`);
  const started = [];
  const ready = [];
  for (const server of measured) {
    const result = results.get(server.name);
    try {
      const each = { result, running: await start(server) };
      started.push(each);
      await prepare(each);
      ready.push(each);
    } catch (error) {
      result.failed[name] = error.message;
    }
  }
  try {
    const figures = await work(ready.map(({ running }) => running));
    for (const [index, { result }] of ready.entries()) result[name] = figures[index];
  } catch (error) {
    for (const { result } of ready) result.failed[name] = error.message;
  } finally {
    for (const { running } of started) await running.stop();
  }
}

/** Each figure, and behind it what the sandbox's is of it. */
function printTable() {
  const names = [...results.keys()];
  const ours = results.get('kinesis-labs');
  const cell = (value) =>
    value === undefined || Number.isNaN(value)
      ? '–'
      : value >= 100
        ? Math.round(value).toLocaleString('en')
        : value.toFixed(value < 1 ? 3 : 1);
  const ratio = (value, own, better) => (value && own ? ` (${(better === 'more' ? own / value : value / own).toFixed(1)}x)` : '');
  const lines = rows.map(([title, of, better]) => [
    title,
    ...names.map((name) => {
      const value = of(results.get(name));
      return cell(value) + (name === 'kinesis-labs' || ours === undefined ? '' : ratio(value, of(ours), better));
    }),
  ]);
  const table = [['', ...names], ...lines];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  console.log('');
  for (const line of table)
    console.log(line.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]))).join('  '));
  console.log('\nIn brackets: how many times as good as that server the sandbox is.');
  for (const [name, { failed }] of results) for (const [what, why] of Object.entries(failed)) console.log(`${name}, ${what}: ${why}`);
}
