import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { type Clock, wallClock } from '../util/clock.ts';

/**
 * Where AWS is: an endpoint and credentials, nothing else. What is behind the endpoint (AWS itself, the embedded
 * sandbox, another emulator) is known to the command line only.
 */
export interface Target {
  /** How it is called in what is printed: `sandbox`, `aws`, or the URL. */
  readonly label: string;
  /** Absent for AWS itself. */
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  /**
   * Set when everything on the target ends with the process that serves it (the embedded sandbox): its process id.
   * A ledger of such a target has nothing to remove once that process is gone.
   */
  readonly endsWithProcess?: number;
  /** Milliseconds for which a new role or policy may not be visible to other services: 60,000 on AWS. */
  readonly propagationMs: number;
  /** Milliseconds by which its clock is ahead of this machine's; absent where the two agree to the second. */
  readonly clockOffsetMs?: number;
  /** Whether what is created there may cost somebody money: it is AWS, or a way to it, or the credentials are somebody's profile. */
  readonly billed: boolean;
}

/** The time of a target: that of this machine, put right where its clock is wrong. */
export function clockOf({ clockOffsetMs = 0 }: Target): Clock {
  return { ...wallClock, now: () => wallClock.now() + clockOffsetMs };
}
