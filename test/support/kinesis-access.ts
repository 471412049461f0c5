import * as sdk from '@aws-sdk/client-kinesis';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { wallClock } from '../../src/util/clock.ts';

/** Set in runs against a remote target: what the names of all their streams begin with. */
export const prefixVariable = 'KINESIS_LABS_REMOTE_PREFIX';

/** A client of Kinesis, and whose account it is in. */
export interface KinesisAccess {
  readonly client: sdk.KinesisClient;
  readonly account: string;
  readonly region: string;
  close(): Promise<void>;
}

/** What AWS refuses because there were too many calls in a second is repeated so often, with so many milliseconds between. */
const mostRefusals = 40;
const pauseMs = 400;

/** A client that speaks HTTP/1.1, which every server understands, and that waits where there are too many calls in a second. */
export function kinesisClient(config: sdk.KinesisClientConfig): sdk.KinesisClient {
  const client = new sdk.KinesisClient({ ...config, requestHandler: new NodeHttpHandler() });
  client.middlewareStack.add(
    (next) => async (args) => {
      for (let refusals = 1; ; refusals += 1) {
        try {
          return await next(args);
        } catch (error) {
          if (refusals === mostRefusals || !isOfRate(error)) throw error;
          await wallClock.sleep(pauseMs);
        }
      }
    },
    { step: 'initialize', name: 'waitOutRates' },
  );
  return client;
}

/** A quota that is used up is LimitExceededException as well, and stays so. */
function isOfRate(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ThrottlingException' || error.message.startsWith('Rate exceeded'));
}

/**
 * Opens what the environment of AWS's tools points to, as the SDK finds it: keys or AWS_PROFILE, AWS_REGION,
 * AWS_ENDPOINT_URL_KINESIS or AWS_ENDPOINT_URL.
 * @throws what the SDK throws where there are no credentials, no region, or nobody answers.
 */
export async function openRemote(): Promise<KinesisAccess & { readonly principal: string; readonly endpoint: string }> {
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  const config = region === undefined ? {} : { region };
  const sts = new STSClient(config);
  const { Account: account = '', Arn: principal = '' } = await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  const client = kinesisClient(config);
  const endpoint = process.env['AWS_ENDPOINT_URL_KINESIS'] ?? process.env['AWS_ENDPOINT_URL'] ?? 'AWS';
  return { client, account, principal, endpoint, region: await client.config.region(), close: async () => client.destroy() };
}

/** Sends a body that no SDK would make, signed and addressed like any other request of the client's. */
export function sendBody(client: sdk.KinesisClient, operation: string, body: string): Promise<unknown> {
  const Command = (sdk as unknown as Readonly<Record<string, new (input: object) => sdk.ListStreamsCommand>>)[`${operation}Command`];
  if (Command === undefined) throw new Error(`The SDK has no operation ${operation}.`);
  const command = new Command({});
  command.middlewareStack.add((next) => (args) => next({ ...args, request: Object.assign(args.request as object, { body }) }), {
    step: 'build',
    priority: 'high',
    name: 'replaceBody',
  });
  return client.send(command);
}
