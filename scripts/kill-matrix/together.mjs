// Does labs side by side in one process, each on a sandbox and in a home of its own, as often as the parent process says so, with
// { runs: [{ lab, endpoint, env, cwd, … }], signal }. Each run stays at its point until all others have come to theirs, or to
// their end; then the process gets the signal. What has ended is told to the parent process. So one process does many runs,
// until SIGKILL ends it or nobody needs it any more.
import { runProgram } from '../../dist/cli/program.js';
import { followCalls, strike } from './calls.mjs';

let signal;
let staying = [];
let onTheWay = 0;

const follow = followCalls((run, goOn) => {
  run.came = true;
  staying.push(goOn);
  arrive();
});

// Each run listens for signals, and so many is none too many.
process.setMaxListeners(0);
// A run may be over before it hears of a signal; the process is there for the next ones.
for (const each of ['SIGINT', 'SIGTERM']) process.on(each, () => undefined);

process.on('message', (batch) => {
  ({ signal } = batch);
  staying = [];
  onTheWay = batch.runs.length;
  batch.runs.forEach(runOne);
});

async function runOne(run, index) {
  const { lab, endpoint, env, cwd } = run;
  let output = '';
  const out = (text) => {
    output += text;
  };
  const io = { env, cwd, interactive: false, colour: false, width: 100, out, err: out, reveal: out };
  follow(run);
  const code = await runProgram(['test', lab, '--target', endpoint, '--quiet'], io);
  await new Promise((resolve) => process.send({ index, code, output }, resolve));
  if (!run.came) arrive();
}

function arrive() {
  onTheWay -= 1;
  if (onTheWay > 0 || staying.length === 0) return;
  strike(signal);
  for (const goOn of staying) goOn();
}
