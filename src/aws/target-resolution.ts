import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';
import type { Target } from './target.ts';

export interface TargetOptions {
  /** `aws`, or the URL of an endpoint. */
  readonly target: string;
  readonly profile?: string;
  readonly region?: string;
  /** The environment variables of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

// How long a new role may be unusable (IAM User Guide, "Changes that I make are not always immediately visible"). Other servers than AWS have no such delay, or a small one.
export const awsPropagationMs = 60_000;
const otherPropagationMs = 20_000;

/**
 * The target that the command line and the environment name. Credentials are looked up when they are first needed.
 * @throws {UserError} when `target` is neither `aws` nor a URL, or the region of an account is not known.
 */
export async function resolveTarget(options: TargetOptions): Promise<Target> {
  const { target, env } = options;
  if (target === 'aws' && env['AWS_ENDPOINT_URL']) return resolveUrl(env['AWS_ENDPOINT_URL'], options);
  if (target === 'aws') return resolveAws(options);
  return resolveUrl(target, options);
}

async function resolveAws(options: TargetOptions): Promise<Target> {
  const region = await resolveRegion(options);
  if (region === undefined) {
    throw new UserError('The AWS region is not known.', {
      exitCode: ExitCode.couldNotRun,
      hint: 'Name one with --region us-east-1, set AWS_REGION, or run aws configure.',
    });
  }
  return { label: 'aws', region, credentials: await providerChain(options), propagationMs: awsPropagationMs, billed: true };
}

async function resolveUrl(text: string, options: TargetOptions): Promise<Target> {
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
  if (/\.(amazonaws\.com(\.cn)?|api\.aws)$/.test(url.hostname)) return { ...(await resolveAws(options)), label: endpoint, endpoint };
  return {
    label: endpoint,
    endpoint,
    region: (await resolveRegion(options)) ?? 'us-east-1',
    credentials: await emulatorCredentials(options),
    propagationMs: otherPropagationMs,
    billed: false,
  };
}

/** What the environment has, or the made-up pair that emulators take. */
async function emulatorCredentials(options: TargetOptions): Promise<Target['credentials']> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE } = options.env;
  if (options.profile || (!AWS_ACCESS_KEY_ID && AWS_PROFILE)) return providerChain(options);
  return {
    accessKeyId: AWS_ACCESS_KEY_ID || 'test',
    secretAccessKey: AWS_SECRET_ACCESS_KEY || 'test',
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
}

/** Environment, shared files, SSO, containers, instances: the order that all AWS programs have. */
async function providerChain({ profile }: TargetOptions): Promise<Target['credentials']> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  return fromNodeProviderChain(profile === undefined ? {} : { profile });
}

async function resolveRegion({ region, profile, env }: TargetOptions): Promise<string | undefined> {
  const named = region || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || (await regionOfProfile(profile, env));
  return named === undefined ? undefined : checkedRegion(named);
}

/** @throws {UserError} when no AWS region is called like that. */
export function checkedRegion(name: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(name)) return name;
  throw new UserError(`"${name}" is not the name of an AWS region.`, { hint: 'Regions are called like us-east-1 or eu-central-1.' });
}

async function regionOfProfile(profile: string | undefined, env: TargetOptions['env']): Promise<string | undefined> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    ...(env['AWS_CONFIG_FILE'] ? { configFilepath: env['AWS_CONFIG_FILE'] } : {}),
    ...(env['AWS_SHARED_CREDENTIALS_FILE'] ? { filepath: env['AWS_SHARED_CREDENTIALS_FILE'] } : {}),
  });
  const name = profile || env['AWS_PROFILE'] || 'default';
  return configFile[name]?.['region'] ?? credentialsFile[name]?.['region'];
}
