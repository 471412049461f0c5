import { endpointVariables } from '../aws/configured-endpoint.ts';
import { checkedRegion } from '../aws/region.ts';
import type { TargetFlags } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** Names the endpoint of a sandbox in another process whose time jumps over idleness. */
export const virtualTimeVariable = 'KINESIS_LABS_VIRTUAL_TIME';

/** The region that a sandbox is to be in, if any is named. @throws {UserError} when no region is called like that. */
export function sandboxRegion({ region }: Pick<TargetFlags, 'region'>, { env }: Surroundings): string | undefined {
  const named = region || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  return named ? checkedRegion(named) : undefined;
}

/** The environment variables with which AWS programs reach a sandbox. */
export function sandboxEnvironment(sandbox: {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}): Readonly<Record<string, string | undefined>> {
  return {
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox.credentials.secretAccessKey,
    AWS_REGION: sandbox.region,
    AWS_DEFAULT_REGION: sandbox.region,
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    ...noOtherEndpoint,
  };
}

/** Variables that would lead other programs elsewhere than the endpoint that they are given. */
export const noOtherEndpoint: Readonly<Record<string, undefined>> = Object.fromEntries(endpointVariables.map((name) => [name, undefined]));
