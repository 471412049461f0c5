// The points of the kill matrix: which signal, on which side of which call of which lab.

// Of the reads, one in so many is interrupted before all others.
const readsSampled = 6;

/**
 * All points of a lab. Those with `first` say most: every state in which a death can find the lab, and every write.
 * @param {string} lab `01`
 * @param {readonly (readonly object[])[]} logs of some undisturbed runs. What is polled is not polled equally often in each;
 * only calls that all of them made are points.
 * @param {import('../support/random.mjs').Random} random
 */
export function pointsOf(lab, logs, random) {
  const made = logs.map((log) => new Set(log.map(({ call }) => call)));
  const instants = instantsOf(logs[0].filter(({ call, jump }) => jump || made.every((calls) => calls.has(call))));
  const calls = instants.filter(({ when }) => when === 'before');
  const point = ({ call, name }, when, signal, first) => ({ lab, call, name, when, signal, first });
  const points = [
    ...instants.filter(({ equal }) => !equal).map((instant) => point(instant, instant.when, 'SIGKILL', instant.changed)),
    ...calls.filter(({ write }) => write).map((call) => point(call, 'during', 'SIGKILL', true)),
    ...calls.flatMap((call) => {
      const [sides, signals] = [random.shuffled(['before', 'after']), random.shuffled(['SIGINT', 'SIGTERM'])];
      if (!call.write) return [point(call, sides[0], signals[0], random.below(readsSampled) === 0)];
      return signals.flatMap((signal, index) => sides.map((side, place) => point(call, side, signal, index === place)));
    }),
  ];
  return { calls: calls.length, writes: calls.filter(({ write }) => write).length, points };
}

/**
 * The instants before and after each call. `changed`: between it and the instant before, something has changed that outlives
 * the runner: the state folder, or AWS, by a write or by time that the run let pass. `equal`: it is the one before a call that
 * followed the answer to another one, and nothing has changed in between.
 */
function instantsOf(log) {
  const instants = [];
  let [state, jumped] = ['', true];
  for (const { jump, ...instant } of log) {
    jumped ||= jump === true;
    if (jump) continue;
    const changed = jumped || instant.state !== state || (instant.write && instant.when === 'after');
    const equal = !changed && instant.when === 'before' && instants.at(-1)?.when === 'after';
    instants.push({ ...instant, changed, equal });
    [state, jumped] = [instant.state, false];
  }
  return instants;
}
