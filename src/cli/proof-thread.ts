/** What runs in a thread beside the main one: benches, on which the mistakes of a proof are tried. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { type Bench, openBench } from '../runner/proof/bench.ts';
import { Interrupted } from './interrupts.ts';
import { loadPlan } from './lab.ts';
import { type BenchMessage, type BenchOrder, type BenchRequest, encoded, type ThreadRequest } from './proof-messages.ts';
import { proofTools } from './proof-tools.ts';
import type { Surroundings } from './surroundings.ts';

const interrupt = new AbortController();

parentPort?.on('message', (request: ThreadRequest) => {
  if (request.type === 'open') serve(request.port, request.order);
  else interrupt.abort(new Interrupted('The proof was interrupted.'));
});

/** Opens a bench, and does there what the port asks for. */
function serve(port: MessagePort, order: BenchOrder): void {
  const answer = (message: BenchMessage): void => port.postMessage(encoded(message));
  const opened = open(order, (text) => answer({ type: 'said', text }));
  // What keeps it from being opened is the answer to whatever it is asked.
  opened.catch(() => undefined);
  port.on('message', async (request: BenchRequest) => {
    try {
      const bench = await opened;
      if (request.type === 'try') return answer({ type: 'tried', sight: await bench.try(request.trial) });
      await bench.close();
      answer({ type: 'closed' });
    } catch (thrown) {
      answer({ type: 'failed', error: thrown instanceof Error ? thrown : new Error(String(thrown)) });
    }
  });
}

async function open({ path, flags, place, present }: BenchOrder, say: (text: string) => void): Promise<Bench> {
  const io: Surroundings = { ...place, interactive: false, out: say, err: say, reveal: () => undefined };
  const plan = await loadPlan(path, flags, io);
  return openBench({ plan, present, tools: await proofTools(plan, flags, io, interrupt.signal) });
}
