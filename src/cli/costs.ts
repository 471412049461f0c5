import { perHourOf } from '../runner/claim.ts';
import type { Plan } from '../runner/plan.ts';
import { foresee } from '../runner/preflight/planned-calls.ts';
import { legibleLine } from '../util/printable.ts';
import type { OpenTarget } from './target.ts';

/** What a lab makes that costs money for as long as it exists. */
interface Cost {
  /** As in `ResourceRef`. */
  readonly type: string;
  readonly id: string;
  readonly noun: string;
  /** US dollars (list price of us-east-1). */
  readonly perHour: number;
  readonly note: string;
}

/** What labs make that costs by the hour, used or not, as their steps ask for it. */
export function hourlyCosts(plans: readonly Plan[], { target, account }: Pick<OpenTarget, 'target' | 'account'>): readonly Cost[] {
  const place = { partition: 'aws', region: target.region, account };
  return plans.flatMap((plan) =>
    foresee(plan, place).flatMap(({ planned, step }) =>
      step.owns().flatMap(({ type, id }): Cost[] => {
        const kind = planned.kind.resources.find((each) => each.type === type);
        const perHour = kind && perHourOf(step, kind);
        return perHour === undefined ? [] : [{ type, id, noun: kind?.noun ?? type, perHour, note: kind?.cost?.note ?? '' }];
      }),
    ),
  );
}

/** What is printed before the first write; empty when nothing costs by the hour. */
export function costText(costs: readonly Cost[]): string {
  if (costs.length === 0) return '';
  const lines = costs.map(({ noun, id, perHour, note }) => `  ${noun} ${legibleLine(id)}: ${dollars(perHour)} an hour (${note})\n`);
  const together = costs.length === 1 ? '' : `  together: ${dollars(totalOf(costs))} an hour\n`;
  return `What costs money for as long as it exists, at the list prices of us-east-1:\n${lines.join('')}${together}`;
}

/** US dollars an hour of several things. */
export function totalOf(costs: readonly Pick<Cost, 'perHour'>[]): number {
  return costs.reduce((sum, { perHour }) => sum + perHour, 0);
}

/** `$0.015` */
export function dollars(amount: number): string {
  return `$${amount.toFixed(3)}`;
}
