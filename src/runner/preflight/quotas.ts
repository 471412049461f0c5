import { type ApiCall, apiCall } from '../../aws/api-call.ts';
import { ApiError, type Aws } from '../../aws/aws.ts';
import { counted } from '../../util/text.ts';
import type { PreflightFinding } from './finding.ts';

/**
 * Looks whether the account has room for what the lab creates: shards, on-demand streams, functions that run at once.
 * @param creations the calls that are going to create something, without those of what is there already.
 */
export async function checkQuotas(creations: readonly ApiCall[], aws: Aws): Promise<readonly PreflightFinding[]> {
  const [streams, functions] = await Promise.all([checkStreams(creations, aws), checkFunctions(creations, aws)]);
  return [...streams, ...functions];
}

async function checkStreams(creations: readonly ApiCall[], aws: Aws): Promise<readonly PreflightFinding[]> {
  const streams = creations.filter(({ service, operation }) => service === 'kinesis' && operation === 'CreateStream');
  if (streams.length === 0) return [];
  const shards = streams.reduce((sum, { input }) => sum + Number(input['ShardCount'] ?? 0), 0);
  const onDemand = streams.filter(({ input }) => input['ShardCount'] === undefined).length;
  return looked('shards', async () => {
    const {
      ShardLimit = 0,
      OpenShardCount = 0,
      OnDemandStreamCount = 0,
      OnDemandStreamCountLimit = 0,
    } = await aws.call(apiCall('kinesis', 'DescribeLimits', {}));
    return [
      ...(shards === 0 ? [] : [room({ noun: 'shard', needed: shards, used: OpenShardCount, limit: ShardLimit })]),
      ...(onDemand === 0
        ? []
        : [room({ noun: 'on-demand stream', needed: onDemand, used: OnDemandStreamCount, limit: OnDemandStreamCountLimit })]),
    ];
  });
}

interface Room {
  readonly noun: string;
  readonly needed: number;
  readonly used: number;
  readonly limit: number;
}

function room({ noun, needed, used, limit }: Room): PreflightFinding {
  const message = `the lab creates ${counted(needed, noun)}, and the account has ${used} of ${limit} in this region`;
  if (used + needed <= limit) return { about: 'quotas', weight: 'good', message };
  return {
    about: 'quotas',
    weight: 'fatal',
    message: `There is no room: ${message}.`,
    hint: 'Delete what nobody needs, use another region with --region, or have the quota raised (Service Quotas).',
  };
}

// New accounts may have ten, others a thousand (Lambda quotas).
async function checkFunctions(creations: readonly ApiCall[], aws: Aws): Promise<readonly PreflightFinding[]> {
  const functions = creations.filter(({ service, operation }) => service === 'lambda' && operation === 'CreateFunction').length;
  if (functions === 0) return [];
  return looked('concurrent executions of functions', async () => {
    const { AccountLimit } = await aws.call(apiCall('lambda', 'GetAccountSettings', {}));
    const free = AccountLimit?.UnreservedConcurrentExecutions ?? 0;
    const message = `the lab has ${counted(functions, 'function')}, and ${counted(free, 'execution')} at once ${free === 1 ? 'is' : 'are'} left for functions without a reservation`;
    if (free >= functions) return [{ about: 'quotas', weight: 'good', message }];
    return [
      {
        about: 'quotas',
        weight: free === 0 ? 'fatal' : 'warning',
        message: `There is little room: ${message}.`,
        hint: 'Take reservations away that nobody needs, or have the quota "Concurrent executions" of Lambda raised (Service Quotas).',
      },
    ];
  });
}

async function looked(what: string, look: () => Promise<readonly PreflightFinding[]>): Promise<readonly PreflightFinding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { service, operation } = error.call;
    return [
      { about: 'quotas', weight: 'unknown', message: `${what} could not be checked: ${service}:${operation} answered ${error.code}` },
    ];
  }
}
