// A thread of its own that makes one small call after the other, and tells how long the longest took since it was asked before.
import { Agent } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { replay } from './replay.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let longest = 0;
let ended = false;
parentPort.on('message', (message) => {
  if (message === 'end') ended = true;
  else parentPort.postMessage(longest);
  longest = 0;
});
while (!ended) {
  const began = performance.now();
  await replay(workerData, agent);
  longest = Math.max(longest, performance.now() - began);
  await setTimeout(1);
}
agent.destroy();
parentPort.close();
