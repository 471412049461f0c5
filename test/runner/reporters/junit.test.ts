import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/runner/execute.ts';
import { junit } from '../../../src/runner/reporters/junit.ts';
import { type RunRecord, RunRecords } from '../../../src/runner/reporters/run-record.ts';
import { ill, orders, planOf, rig } from '../../support/stream-lab.ts';

async function recordOf(run: ReturnType<typeof rig>): Promise<readonly RunRecord[]> {
  const records = new RunRecords();
  await execute({ ...run.options, report: records.report });
  return records.runs;
}

const empty: RunRecord = { lab: { id: '07', title: 'Streams', file: 'labs/07.md' }, startedAt: 0, steps: [] };

describe('JUnit XML', () => {
  it('has a test case per step, and says why one failed and that others were not reached', async () => {
    const xml = junit(await recordOf(rig(planOf([orders, ill, { id: 'later', with: { name: 'later' } }]))));
    expect(xml.replace(/time="[\d.]+"/g, 'time="T"')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="kinesis-labs" tests="3" failures="1" errors="0" skipped="1" time="T">
  <testsuite name="07 Streams" tests="3" failures="1" errors="0" skipped="1" time="T" timestamp="2026-11-21T00:00:00.000Z">
    <testcase name="orders: Make orders" classname="kinesis-labs.07" time="T" file="labs/07-streams.md" line="1"/>
    <testcase name="ill: Make ill" classname="kinesis-labs.07" time="T" file="labs/07-streams.md" line="1">
      <failure message="stream ill: ill">stream ill
  expected: healthy
  observed: ill
  Look at it.</failure>
    </testcase>
    <testcase name="later: Make later" classname="kinesis-labs.07" time="T" file="labs/07-streams.md" line="1">
      <skipped message="the run did not get here"/>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('is never green when a name was taken, although no step has failed', async () => {
    const run = rig(planOf([orders]));
    run.streams.names.add('orders');
    const xml = junit(await recordOf(run));
    expect(xml).toContain('tests="2" failures="0" errors="1" skipped="1"');
    expect(xml).toContain('<error message="The stream orders exists already, and this run did not create it.">');
  });

  it('is never green when something could not be removed', () => {
    const result = { outcome: 'met', met: 0, points: { earned: 0, possible: 0 }, steps: [], durationMs: 1_500 } as const;
    const left = [{ ref: { type: 'kinesis:stream', id: 'orders' }, why: 'No.' }];
    const xml = junit([{ ...empty, result: { ...result, left } }]);
    expect(xml).toContain('<failure message="1 could not be removed">kinesis:stream orders: No.</failure>');
    expect(xml).toContain('time="1.500"');
  });

  it('counts an interrupted step as one that could not be looked at', async () => {
    const run = rig(planOf([orders]));
    run.streams.before = () => run.interrupt();
    const xml = junit(await recordOf(run));
    expect(xml).toContain('skipped="1"');
  });

  it('is valid when nothing has run, and names a lab that could not be started', () => {
    expect(junit([])).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kinesis-labs" tests="0" failures="0" errors="0" skipped="0" time="0.000">\n</testsuites>\n',
    );
    const records = new RunRecords();
    records.couldNotStart({ id: '99', title: '', file: '99' }, { message: 'There is no lab "99".', hint: 'Labs: 01' }, 0);
    expect(junit(records.runs)).toContain(
      '<error message="There is no lab &quot;99&quot;.">There is no lab &quot;99&quot;.\nLabs: 01</error>',
    );
  });

  it('escapes what XML gives a meaning to, and has none of the characters that XML has no place for', () => {
    const message = 'a <b> & "c"\u0000\u001b[31m\ud800\uffff\nsecond line';
    const xml = junit([{ ...empty, problem: { message } }]);
    expect(xml).toContain('message="a &lt;b&gt; &amp; &quot;c&quot;\\u0000\\u001b[31m\\ud800\ufffd&#10;second line"');
  });

  it('has no more of a megabyte than its beginning', () => {
    const xml = junit([{ ...empty, problem: { message: 'm'.repeat(1_000_000), hint: 'h'.repeat(1_000_000) } }]);
    expect(xml.length).toBeLessThan(110_000);
  });
});
