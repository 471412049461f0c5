import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';
import { configuredEndpoint } from './configured-endpoint.ts';
import { accountCredentials, keysOf } from './credential-sources.ts';
import { checkedRegion } from './region.ts';
import { type Environment, hasKeys, type Profile, readProfile } from './shared-files.ts';
import type { Target } from './target.ts';

export interface TargetOptions {
  /** `aws`, or the URL of an endpoint. */
  readonly target: string;
  readonly profile?: string;
  readonly region?: string;
  /** The environment variables of the process. */
  readonly env: Environment;
}

// How long a new role may be unusable (IAM User Guide, "Changes that I make are not always immediately visible"). Other servers than AWS have no such delay, or a small one.
export const awsPropagationMs = 60_000;
const otherPropagationMs = 20_000;

/**
 * The target that the command line and the environment name. Credentials are looked up when they are first needed.
 * @throws {UserError} when `target` is neither `aws` nor a URL, its region is not known, or the environment leads to several places.
 */
export async function resolveTarget(options: TargetOptions): Promise<Target> {
  const { target, env } = options;
  const profile = await readProfile(options.profile, env);
  const url = target === 'aws' ? configuredEndpoint(env, profile) : target;
  return url === undefined ? resolveAws(options, profile) : resolveUrl(url, options, profile);
}

async function resolveAws(options: TargetOptions, profile: Profile): Promise<Target> {
  const region = resolveRegion(options, profile);
  if (region === undefined) {
    throw new UserError('The AWS region is not known.', {
      exitCode: ExitCode.couldNotRun,
      hint: 'Name one with --region us-east-1, set AWS_REGION, or run aws configure.',
    });
  }
  return { label: 'aws', region, credentials: await accountCredentials(options, profile), propagationMs: awsPropagationMs, billed: true };
}

async function resolveUrl(text: string, options: TargetOptions, profile: Profile): Promise<Target> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UserError(`The target "${text}" is neither sandbox, nor aws, nor a URL.`, {
      hint: 'A URL names the endpoint of another AWS emulator: --target http://localhost:4566',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError(`The URL of the target ${url.host} holds a user or a password.`, {
      hint: 'Give credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    });
  }
  const endpoint = url.href.replace(/\/$/, '');
  if (!isNearby(url.hostname)) return { ...(await resolveAws(options, profile)), label: endpoint, endpoint };
  const common = { label: endpoint, endpoint, region: resolveRegion(options, profile) ?? 'us-east-1', propagationMs: otherPropagationMs };
  // Somebody's profile is somebody's account, whatever stands between: a gateway to AWS can be on this machine as well.
  if (options.profile || (!hasKeys(options.env) && options.env['AWS_PROFILE']))
    return { ...common, credentials: await accountCredentials(options, profile), billed: true };
  return { ...common, credentials: keysOf(options.env) ?? { accessKeyId: 'test', secretAccessKey: 'test' }, billed: false };
}

/** Whether a host is this machine or one next to it, where emulators run. All others are taken for AWS, or for a way to it. */
function isNearby(hostname: string): boolean {
  if (/^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./.test(hostname) && /^[\d.]+$/.test(hostname)) return true;
  if (/^\[(::1|f[cd][\da-f:]+)\]$/.test(hostname)) return true;
  return /^[^.:[\]]+$|(^|\.)localhost$|(^|\.)localhost\.localstack\.cloud$|\.(local|localdomain|internal|lan|test|home\.arpa)$/.test(
    hostname,
  );
}

function resolveRegion({ region, env }: TargetOptions, { settings }: Profile): string | undefined {
  const named = region || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || settings['region'];
  return named ? checkedRegion(named) : undefined;
}
