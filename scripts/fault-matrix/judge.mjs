// What is demanded of a run that met a fault.

// The longest wait of any step is five minutes, a call may be tried again for one more, and a removal takes three at most.
const longestPhaseMs = { step: 8 * 60_000, teardown: 20 * 60_000 };
const exitCodes = { met: [0], 'not-met': [1], 'could-not-run': [3] };
const stackTrace = /\n\s+at .+:\d+:\d+/;

/**
 * @returns {{ verdict: 'passed' | 'failed clearly' | 'not met' | 'wrong', why: readonly string[] }} `not met` when the run
 * never came to the fault
 */
export function judge(point, run, clean) {
  const why = [...wrongs(point, run, clean)];
  if (why.length > 0) return { verdict: 'wrong', why };
  if (!run.met.some(({ phase, fault }) => phase === point.phase && fault === point.fault)) return { verdict: 'not met', why };
  return { verdict: run.result.outcome === 'met' && run.left.length === 0 ? 'passed' : 'failed clearly', why };
}

function* wrongs(point, { result, code, left, later, standing, longest, unmet, bugs, timedOut }, clean) {
  if (timedOut) yield 'the run did not end';
  if (bugs.length > 0) yield `a bug of the sandbox: ${bugs[0]}`;
  if (result.bug !== undefined) yield `a bug: ${result.bug}`;
  if (result.problems.some((message) => stackTrace.test(message))) yield 'a stack trace is shown';
  const limit = longest.what === 'teardown' ? longestPhaseMs.teardown : longestPhaseMs.step;
  if (longest.ms > limit) yield `${longest.what} took ${Math.round(longest.ms / 1000)} s`;
  const met = result.outcome === 'met';
  if (!met && result.problems.length === 0 && unmet.length === 0) yield `it is ${result.outcome}, and nothing says why`;
  if (!met && result.problems.length > 1) yield `it says several things: ${result.problems.join(' | ')}`;
  const expected = result.left.length > 0 ? [4] : exitCodes[result.outcome];
  if (!expected.includes(code)) yield `the exit code is ${code}`;
  if (met && standing.join() !== clean.standing.join()) yield `it has made ${standing.join(', ')} instead of ${clean.standing.join(', ')}`;
  if (point.passes && !met) yield `it passes by itself, and the run is ${result.outcome}: ${said(result, unmet)}`;
  // Where the teardown itself cannot be done or seen, it has to say so; and when the trouble is over, nothing may be left.
  const excused = point.phase === 'teardown' && !point.passes;
  if (left.length > 0 && !excused) yield `it has left ${left.join(', ')}`;
  if (left.length === 0 && result.left.length > 0 && !excused) yield `it says that it has left ${result.left.join(', ')}`;
  if (left.length > 0 && result.left.length === 0) yield `it has left ${left.join(', ')}, and does not say so`;
  if (later.length > 0) yield `what it has left cannot be removed: ${later.join(', ')}`;
}

export function said({ problems, left }, unmet) {
  return [...problems, ...unmet.map(({ fact, observed }) => `${fact}: ${observed}`), ...left].join(' | ') || 'nothing';
}
