import { identify } from '../aws/identity.ts';
import { clockOf, type Target } from '../aws/target.ts';
import { awsPropagationMs, resolveTarget } from '../aws/target-resolution.ts';
import type { Clock } from '../util/clock.ts';
import { keepSecret } from '../util/secrets.ts';
import { counted } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import { admitAccount } from './account-admission.ts';
import { readConfiguration } from './configuration.ts';
import { printBug } from './failure.ts';
import type { FaultFlags, OutputFlags, TargetFlags } from './options.ts';
import { noOtherEndpoint, sandboxEnvironment, sandboxRegion, virtualTimeVariable } from './sandbox-environment.ts';
import type { Surroundings } from './surroundings.ts';

/** AWS, ready to be used: the embedded sandbox is running, or the credentials of an account have been tried. */
export interface OpenTarget {
  readonly target: Target;
  /** Twelve digits. */
  readonly account: string;
  /** The ARN of whoever the credentials belong to. */
  readonly principal: string;
  /** The time that waits for this target go by. */
  readonly clock: Clock;
  /** The same time, where waiting for the target need not take any: for what somebody has waited for before. */
  readonly hurriedClock?: Clock;
  /** What has to be set, or not be set (`undefined`), for other programs to reach the same place. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ends the embedded sandbox, if this is it. */
  close(): Promise<void>;
}

type OpeningFlags = TargetFlags & FaultFlags & Pick<OutputFlags, 'verbose'>;

/** The target that is meant when none is named: that of the environment, or the embedded sandbox. */
export function targetName(flags: TargetFlags, io: Surroundings): string {
  return flags.target ?? (io.env['AWS_ENDPOINT_URL'] || 'sandbox');
}

/**
 * Opens the target that the command line names: `sandbox`, `aws`, or a URL.
 * @throws {UserError} when the name is none of these, or nobody answers there.
 */
export async function openTarget(name: string, flags: OpeningFlags, io: Surroundings, options: SandboxTime = {}): Promise<OpenTarget> {
  if (name === 'sandbox') return openSandbox(flags, io, options);
  if (flags.fault !== undefined) {
    throw new UserError(`--fault makes the embedded sandbox misbehave, and the target is ${name}.`, {
      hint: 'Leave --target out, or give --fault to kinesis-labs sandbox where that is the target.',
    });
  }
  const configuration = readConfiguration(io);
  const { profile, region } = flags;
  const resolved = await resolveTarget({
    target: name,
    env: io.env,
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
  });
  const { account, principal, target } = await identify(resolved);
  admitAccount({ account, billed: target.billed }, flags, configuration);
  const jumps = target.endpoint !== undefined && target.endpoint === io.env[virtualTimeVariable];
  if (!jumps) tellOfWrongClock(target, io);
  const clock = jumps ? await (await import('./sandbox-clock.ts')).openSandboxClock(target) : clockOf(target);
  return { target, account, principal, clock, environment: await environmentOf(target, flags), close: async () => undefined };
}

/** What a run notes down is compared with times that AWS has noted: where the clock of this machine is wrong, it goes by AWS's. */
function tellOfWrongClock({ clockOffsetMs = 0 }: Target, io: Surroundings): void {
  const minutes = Math.round(Math.abs(clockOffsetMs) / 60_000);
  if (minutes === 0) return;
  io.err(
    `The clock of this machine is ${counted(minutes, 'minute')} ${clockOffsetMs > 0 ? 'behind' : 'ahead of'} that of AWS. Here AWS's counts; other programs, such as the AWS CLI, may be refused until it is right.\n`,
  );
}

/** How time passes in the embedded sandbox. */
interface SandboxTime {
  /** Waiting for it takes no time. */
  readonly virtualTime?: boolean;
  /** Waiting takes its time, and need not: there is a hurried clock beside the other. */
  readonly hurriable?: boolean;
}

async function openSandbox(flags: OpeningFlags, io: Surroundings, time: SandboxTime): Promise<OpenTarget> {
  const { virtualTime = false, hurriable = false } = time;
  if (flags.profile !== undefined)
    throw new UserError('--profile is for AWS accounts, and the target is the embedded sandbox.', { hint: 'Add --target aws.' });
  const region = sandboxRegion(flags, io);
  const { startSandbox } = await import('../sandbox/start.ts');
  const sandbox = await startSandbox({
    virtualTime: virtualTime || hurriable,
    faults: flags.fault ?? [],
    onBug: (error) => printBug(error, io, flags.verbose ?? false),
    ...(region === undefined ? {} : { region }),
    ...(flags.account === undefined ? {} : { account: flags.account }),
  });
  keepSecret(sandbox.credentials.secretAccessKey);
  const target: Target = {
    label: 'sandbox',
    endpoint: sandbox.endpoint,
    region: sandbox.region,
    credentials: sandbox.credentials,
    endsWithProcess: process.pid,
    // What is written to IAM counts there at once, unless it is told otherwise.
    propagationMs: flags.fault === undefined ? 0 : awsPropagationMs,
    billed: false,
  };
  return {
    target,
    account: sandbox.account,
    principal: `arn:aws:iam::${sandbox.account}:root`,
    clock: hurriable ? sandbox.unhurriedClock : sandbox.clock,
    ...(hurriable ? { hurriedClock: sandbox.clock } : {}),
    environment: sandboxEnvironment(sandbox),
    close: () => sandbox.stop(),
  };
}

async function environmentOf({ endpoint, region, credentials }: Target, { profile }: TargetFlags): Promise<OpenTarget['environment']> {
  const place = endpoint === undefined ? {} : { AWS_ENDPOINT_URL: endpoint, ...noOtherEndpoint };
  const common = { AWS_REGION: region, AWS_DEFAULT_REGION: region, ...place };
  if (typeof credentials !== 'function') {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken };
    return { ...common, ...keys, AWS_PROFILE: undefined };
  }
  // To other programs the keys of the environment come before the profile that it names.
  const noKeys = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined };
  return profile === undefined ? common : { ...common, AWS_PROFILE: profile, ...noKeys };
}
