import { DeleteStreamCommand, paginateListStreams } from '@aws-sdk/client-kinesis';
import { createWait } from '../../src/aws/wait.ts';
import { wallClock } from '../../src/util/clock.ts';
import { type KinesisAccess, openRemote, prefixVariable } from './kinesis-access.ts';

const wait = createWait({ clock: wallClock });
const mostRemovalMs = 300_000;

/**
 * Before and after a run against a remote target: gives it a prefix of its own, and removes every stream whose name begins
 * with it, whatever became of the tests.
 *
 * On AWS (list prices of us-east-1) such a run has up to ten provisioned shards for a quarter of an hour (0.015 $ an hour
 * each), and for some minutes each four on-demand streams (0.04 $ an hour) and six consumers with enhanced fan-out
 * (0.015 $ an hour and shard): less than half a dollar, as what is begun of an hour is billed whole.
 */
export async function setup(): Promise<() => Promise<void>> {
  // Said by the SDK in each process; nobody can do anything about it here.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const { endpoint, principal, region, client, close } = await openRemote();
  const prefix = `kinesis-labs-conformance-${Math.random().toString(36).slice(2, 8)}-`;
  process.env[prefixVariable] = prefix;
  process.stdout.write(
    `Running against ${endpoint} in ${region} as ${principal}, with streams named ${prefix}*. On AWS this costs up to half a dollar.\n`,
  );
  return async () => {
    await removeAll(client, prefix);
    await close();
  };
}

async function removeAll(client: KinesisAccess['client'], prefix: string): Promise<void> {
  await wait({ what: `the streams ${prefix}* to be gone`, timeoutMs: mostRemovalMs, intervalMs: 1_000 }, async () => {
    const left: string[] = [];
    // From the first name on: not everything that speaks Kinesis knows to begin after a name that no stream has.
    for await (const { StreamNames = [] } of paginateListStreams({ client }, {})) {
      left.push(...StreamNames.filter((name) => name.startsWith(prefix)));
    }
    for (const StreamName of left) {
      // One that is going already is refused.
      await client.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true })).catch(() => undefined);
    }
    return left.length === 0 ? true : undefined;
  });
  process.stdout.write(`All streams named ${prefix}* are gone.\n`);
}
