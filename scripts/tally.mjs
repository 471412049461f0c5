// Counts what a JSON report says: of vitest, of `kinesis-labs test`, or of a script, which reports { passed, failures: TEXT[] }.
// Prints `PASSED FAILED`, and then what has failed, a line each.
//
//   node scripts/tally.mjs FILE
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { passed, failures } = 'testResults' in report ? ofTests(report) : 'passed' in report ? report : ofLabs(report);
console.log([`${passed} ${failures.length}`, ...failures.map(oneLine)].join('\n'));

function ofTests({ numPassedTests, testResults }) {
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative('', name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    // A file that cannot be read has no tests.
    if (status === 'failed' && assertionResults.length === 0) return [`${file}: ${message}`];
    return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${failureMessages[0] ?? ''}`);
  });
  return { passed: numPassedTests, failures };
}

function ofLabs({ runs = [], proofs = [] }) {
  const labs = [
    ...runs.map(({ lab, outcome, left }) => ({ lab, outcome, left, right: outcome === 'met' && left.length === 0 })),
    ...proofs.map(({ lab, outcome }) => ({ lab, outcome, left: [], right: outcome === 'proved' })),
  ];
  const wrong = labs.filter(({ right }) => !right).map(({ lab, outcome, left }) => `lab ${lab.id}: ${outcome}, ${left.length} left behind`);
  return { passed: labs.length - wrong.length, failures: labs.length === 0 ? ['no lab was done'] : wrong };
}

/** What a failure says at first. */
function oneLine(text) {
  const [line] = text.trim().split('\n', 1);
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
