// Loaded into the program with --import: sends it a signal exactly at a point. KINESIS_LABS_AT_CALL is JSON: { run, signal }.
import { followCalls, strike } from './calls.mjs';

const { run, signal } = JSON.parse(process.env.KINESIS_LABS_AT_CALL ?? '{}');
const follow = followCalls((_run, goOn) => {
  strike(signal);
  goOn();
});
follow(run);
