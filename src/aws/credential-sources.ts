import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { commonJs } from '../util/commonjs.ts';
import type { Environment, Profile } from './shared-files.ts';

/** The keys of the environment; `undefined` when there are none. */
export function keysOf(env: Environment): AwsCredentialIdentity | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    ...(AWS_CREDENTIAL_EXPIRATION ? { expiration: new Date(AWS_CREDENTIAL_EXPIRATION) } : {}),
  };
}

/**
 * The credentials of an account, in the order that the AWS CLI has: the profile that the command line names, keys of the
 * environment, the profile that AWS_PROFILE names or the default one, then containers and instances. (The SDK has the second
 * and the third the other way round, and goes on to the role of the machine where a profile fails: both can be another
 * account than that of the commands which a learner types.)
 */
export async function accountCredentials(
  { profile: named, env }: { readonly profile?: string; readonly env: Environment },
  { settings }: Profile,
): Promise<AwsCredentialIdentityProvider> {
  const keys = named ? undefined : keysOf(env);
  if (keys !== undefined) return async () => keys;
  const { fromIni, fromNodeProviderChain } = commonJs<typeof import('@aws-sdk/credential-providers')>('@aws-sdk/credential-providers');
  const profile = named || env['AWS_PROFILE'];
  if (profile || saysHow(settings)) return remembered(fromIni({ profile: profile || 'default' }));
  return fromNodeProviderChain();
}

/** Whether a profile says where its credentials come from. */
function saysHow(settings: Profile['settings']): boolean {
  return Object.keys(settings).some((name) =>
    /^(aws_access_key_id|credential_process|login_session|role_arn|sso_\w+|web_identity_token_file)$/.test(name),
  );
}

// What is still valid for so long is used without asking again, as in the SDK.
const renewedBeforeMs = 5 * 60_000;

/** Credentials that are asked for again only when they are about to expire. Where that fails, they are used to their end. */
export function remembered(provider: AwsCredentialIdentityProvider): AwsCredentialIdentityProvider {
  let current: AwsCredentialIdentity | undefined;
  let renewing: Promise<AwsCredentialIdentity> | undefined;
  const leftMs = ({ expiration }: AwsCredentialIdentity): number =>
    expiration === undefined ? Number.POSITIVE_INFINITY : expiration.getTime() - Date.now();

  async function renew(): Promise<AwsCredentialIdentity> {
    try {
      current = await provider();
      return current;
    } catch (error) {
      if (current !== undefined && leftMs(current) > 0) return current;
      throw error;
    }
  }
  return async () => {
    if (current !== undefined && leftMs(current) > renewedBeforeMs) return current;
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
}
