import type { LiveResource } from '../runner/ledger.ts';
import type { LedgerContent } from '../runner/ledger-text.ts';
import type { ResourceKind } from '../steps/resource.ts';

/** What something that is alive costs, as far as that is known without asking AWS. */
export interface LiveCost {
  /** US dollars. */
  readonly perHour: number;
  /** Whether it may be more: nobody has written down what it was to be like. */
  readonly atLeast: boolean;
}

/** Whether what a run creates may cost money. */
export function isBilled({ header }: LedgerContent): boolean {
  return header.target.billed === true || header.target.label === 'aws';
}

/** By what its step was going to make. What a learner made in another way may differ, as it may on the page. */
export function liveCost(ledger: LedgerContent, { perHour }: LiveResource, kind: ResourceKind | undefined): LiveCost {
  const least = kind?.cost?.perHour ?? 0;
  return isBilled(ledger) ? { perHour: perHour ?? least, atLeast: perHour === undefined && least > 0 } : { perHour: 0, atLeast: false };
}

export function sumOf(costs: readonly LiveCost[]): LiveCost {
  return { perHour: costs.reduce((sum, { perHour }) => sum + perHour, 0), atLeast: costs.some(({ atLeast }) => atLeast) };
}

/** `about $0.030 an hour`, `at least $0.015 an hour`; empty for what costs nothing. */
export function perHourText({ perHour, atLeast }: LiveCost): string {
  return perHour > 0 ? `${atLeast ? 'at least' : 'about'} $${perHour.toFixed(3)} an hour` : '';
}
