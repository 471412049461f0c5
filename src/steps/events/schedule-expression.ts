const rate = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/;
const cron = /^cron\((\S+(?: \S+){5})\)$/;

/**
 * What is wrong with a schedule expression, or `undefined`. EventBridge itself says only "Parameter ScheduleExpression is
 * not valid." (EventBridge, as recorded); the values of the fields of a cron expression are left to it.
 */
export function scheduleProblem(expression: string): string | undefined {
  const refused = 'EventBridge answers "Parameter ScheduleExpression is not valid."';
  if (/^\s*rate\b/i.test(expression)) {
    const [, count, , plural] = rate.exec(expression) ?? [];
    if (count !== undefined && (count === '1') === (plural === '')) return undefined;
    return `${refused} A rate counts minutes, hours or days, with the singular for 1 and the plural for more: rate(1 minute), rate(5 minutes)`;
  }
  if (/^\s*cron\b/i.test(expression)) {
    const [, , dayOfMonth, , dayOfWeek] = cron.exec(expression)?.[1]?.split(' ') ?? [];
    if (dayOfMonth === undefined || dayOfWeek === undefined)
      return `${refused} A cron expression has six fields (minutes, hours, day of month, month, day of week, year): cron(0 12 * * ? *)`;
    if ((dayOfMonth === '?') !== (dayOfWeek === '?')) return undefined;
    return `${refused} Of day of month and day of week, the third and the fifth field, exactly one is ?: cron(0 12 * * ? *)`;
  }
  return 'has to be a rate, like rate(1 minute), or a cron expression, like cron(0 12 * * ? *)';
}
