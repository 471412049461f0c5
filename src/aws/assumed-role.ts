import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { ExitCode } from '../util/exit-code.ts';
import { forgetSecret, keepSecret } from '../util/secrets.ts';
import { UserError } from '../util/user-error.ts';
import { apiCall } from './api-call.ts';
import { ApiError } from './aws.ts';
import { remembered } from './credential-sources.ts';
import { openSession, type SessionOptions } from './session.ts';
import type { Target } from './target.ts';
import { createWait } from './wait.ts';

export interface AssumedRole {
  readonly roleArn: string;
  readonly externalId?: string;
}

/** Credentials of a role, and an end to their being kept secret, when nothing can hold them any more. */
export interface RoleCredentials {
  readonly credentials: AwsCredentialIdentityProvider;
  forget(): void;
}

/**
 * Credentials of a role, asked for with those of a target, and again only when they are about to expire.
 * @param options `signal` ends the asking; `onThrottled` is told when STS asks for fewer calls.
 */
export function assumedRole(
  from: Target,
  { roleArn, externalId }: AssumedRole,
  options: Pick<SessionOptions, 'clock' | 'signal' | 'onThrottled' | 'clients'>,
): RoleCredentials {
  const secrets: string[] = [];
  const credentials = remembered(async () => {
    const session = openSession({
      ...options,
      target: from,
      readOnly: true,
      wait: createWait({ clock: options.clock, ...(options.signal && { signal: options.signal }) }),
    });
    try {
      const asked = {
        RoleArn: roleArn,
        RoleSessionName: 'kinesis-labs-verify',
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
      };
      const { Credentials: found } = await session.call(apiCall('sts', 'AssumeRole', asked));
      const {
        AccessKeyId: accessKeyId = '',
        SecretAccessKey: secretAccessKey = '',
        SessionToken: sessionToken,
        Expiration: expiration,
      } = found ?? {};
      // Without it the token opens nothing; and of a class there are many, of which each is long.
      keepSecret(secretAccessKey);
      secrets.push(secretAccessKey);
      return {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
        ...(expiration === undefined ? {} : { expiration }),
      };
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      // AWS answers the same, whichever of these it is (IAM User Guide, "Troubleshoot IAM roles").
      throw new UserError(`The role ${roleArn} cannot be assumed: ${error.message}`, {
        exitCode: ExitCode.couldNotRun,
        hint: 'There is no such role, or its trust policy does not name whoever asks, or wants another ExternalId; or whoever asks lacks sts:AssumeRole.',
        cause: error,
      });
    } finally {
      session.destroy();
    }
  });
  return { credentials, forget: () => forgetSecret(...secrets.splice(0)) };
}
