import { slot } from '../cloud.ts';
import type { OperationOf, RequestContext } from '../operation.ts';

/** A commitment to pay for a minimum of throughput, used or not (Kinesis API reference, UpdateAccountSettings). Nobody pays here. */
interface Commitment {
  /** Epoch milliseconds, of all three. */
  readonly startedAt: number;
  readonly earliestEndAt: number;
  /** When it ends or has ended. */
  readonly endsAt?: number;
}

/** How long a commitment lasts at least is unverified; milliseconds. */
const shortestCommitment = 24 * 3_600_000;

const commitments = slot('kinesis commitment', () => ({ current: undefined as Commitment | undefined }));

function isAlive({ endsAt }: Commitment, now: number): boolean {
  return endsAt === undefined || endsAt > now;
}

/** DescribeAccountSettings (Kinesis API reference). */
export const describeAccountSettings: OperationOf<'kinesis', 'DescribeAccountSettings'> = {
  resources: () => ['*'],
  handle: (_, context) => ({ MinimumThroughputBillingCommitment: settings(context) }),
};

/** UpdateAccountSettings (Kinesis API reference). A commitment that may not end yet ends when it may. */
export const updateAccountSettings: OperationOf<'kinesis', 'UpdateAccountSettings'> = {
  constraints: {
    MinimumThroughputBillingCommitment: {
      required: true,
      members: { Status: { required: true, values: ['ENABLED', 'DISABLED'] } },
    },
  },
  resources: () => ['*'],
  handle(input, context) {
    const state = context.cloud.state(commitments, context);
    const now = context.cloud.clock.now();
    const alive = state.current && isAlive(state.current, now) ? state.current : undefined;
    if (input.MinimumThroughputBillingCommitment?.Status === 'DISABLED') {
      if (alive) state.current = { ...alive, endsAt: Math.max(now, alive.earliestEndAt) };
    } else {
      const { startedAt, earliestEndAt } = alive ?? { startedAt: now, earliestEndAt: now + shortestCommitment };
      state.current = { startedAt, earliestEndAt };
    }
    return { MinimumThroughputBillingCommitment: settings(context) };
  },
};

/** Whether an account is committed to a minimum of throughput now. */
export function isCommitted({ cloud, account, region }: RequestContext): boolean {
  const { current } = cloud.state(commitments, { account, region });
  return current !== undefined && isAlive(current, cloud.clock.now());
}

function settings(context: RequestContext) {
  const { current } = context.cloud.state(commitments, context);
  if (current === undefined) return { Status: 'DISABLED' as const };
  const times = { StartedAt: new Date(current.startedAt), EarliestAllowedEndAt: new Date(current.earliestEndAt) };
  if (current.endsAt === undefined) return { Status: 'ENABLED' as const, ...times };
  if (isAlive(current, context.cloud.clock.now())) return { Status: 'ENABLED_UNTIL_EARLIEST_ALLOWED_END' as const, ...times };
  return { Status: 'DISABLED' as const, ...times, EndedAt: new Date(current.endsAt) };
}
