import { describe, expect, it } from 'vitest';
import { schedule } from '../../../src/steps/events/schedule.ts';
import { account } from '../../support/step-bench.ts';

const problem = (expression: string): string | undefined => {
  const tried = schedule.input.safeParse({
    name: 'rule',
    schedule: expression,
    function: `arn:aws:lambda:us-east-1:${account}:function:producer`,
  });
  return tried.error?.issues[0]?.message;
};

describe('a schedule expression', () => {
  it.each(['rate(1 minute)', 'rate(5 minutes)', 'rate(10 hours)', 'rate(1 day)', 'cron(0 12 * * ? *)', 'cron(0/5 8-17 ? * MON-FRI 2026)'])(
    'can be %s',
    (expression) => {
      expect(problem(expression)).toBeUndefined();
    },
  );

  // What AWS was seen to refuse (EventBridge, as recorded).
  it.each(['rate(1 minutes)', 'rate(10 minute)', 'rate(0 minutes)', 'rate(10 MINUTES)', 'rate(10 seconds)', 'rate( 10 minutes )'])(
    'cannot be %s, and is told so in the words of EventBridge',
    (expression) => {
      expect(problem(expression)).toMatch(
        /^EventBridge answers "Parameter ScheduleExpression is not valid\." A rate counts .*singular for 1/,
      );
    },
  );

  it('has six fields when it is a cron expression', () => {
    expect(problem('cron(0 12 * * ?)')).toContain('A cron expression has six fields');
  });

  it.each(['cron(0 12 * * * *)', 'cron(0 12 ? * ? *)'])('names its days in one way: %s does not', (expression) => {
    expect(problem(expression)).toContain('exactly one is ?');
  });

  it('is one of the two', () => {
    expect(problem('every minute')).toBe('has to be a rate, like rate(1 minute), or a cron expression, like cron(0 12 * * ? *)');
  });
});
