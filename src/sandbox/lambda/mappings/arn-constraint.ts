import type { Constraint } from '../../operation.ts';

const pattern = 'arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)';

/** `EventSourceArn` (Lambda API model). */
export const arnConstraint: Constraint = { pattern: new RegExp(`^${pattern}$`), patternText: pattern };
