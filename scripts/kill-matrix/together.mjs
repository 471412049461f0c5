// Does labs side by side in one process, each on a sandbox and in a home of its own. Each stays at its point until all others
// have come to theirs, or to their end; then the process gets a signal. What has ended is told to the parent process.
// KINESIS_LABS_AT_CALL is JSON: { runs: [{ lab, endpoint, env, cwd, … }], signal }.
import { runProgram } from '../../dist/cli/program.js';
import { followCalls, strike } from './calls.mjs';

const { runs, signal } = JSON.parse(process.env.KINESIS_LABS_AT_CALL ?? '{}');
const staying = [];
let onTheWay = runs.length;

followCalls(runs, (run, goOn) => {
  run.came = true;
  staying.push(goOn);
  arrive();
});
await Promise.all(runs.map(runOne));
process.disconnect();

async function runOne(run, index) {
  const { lab, endpoint, env, cwd } = run;
  let output = '';
  const out = (text) => {
    output += text;
  };
  const io = { env, cwd, interactive: false, colour: false, width: 100, out, err: out, reveal: out };
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
