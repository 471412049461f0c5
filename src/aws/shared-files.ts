import { didYouMean } from '../util/closest.ts';
import { commonJs } from '../util/commonjs.ts';
import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';

/** The environment variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of one profile of `~/.aws/config` and `~/.aws/credentials`. */
export interface Profile {
  readonly settings: Readonly<Record<string, string | undefined>>;
  /** Of the section of services that the profile names: `kinesis.endpoint_url`. */
  readonly services: Readonly<Record<string, string | undefined>>;
}

/** Whether the environment holds keys. To AWS programs they come before `AWS_PROFILE`, and after `--profile`. */
export function hasKeys(env: Environment): boolean {
  return Boolean(env['AWS_ACCESS_KEY_ID'] && env['AWS_SECRET_ACCESS_KEY']);
}

/**
 * Reads the profile that is in force.
 * @param named the one that the command line names.
 * @throws {UserError} when one is named, there or in the environment, that there is not.
 */
export async function readProfile(named: string | undefined, env: Environment): Promise<Profile> {
  const { loadSharedConfigFiles } = commonJs<typeof import('@smithy/core/config')>('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    ...(env['AWS_CONFIG_FILE'] ? { configFilepath: env['AWS_CONFIG_FILE'] } : {}),
    ...(env['AWS_SHARED_CREDENTIALS_FILE'] ? { filepath: env['AWS_SHARED_CREDENTIALS_FILE'] } : {}),
  });
  const name = named || env['AWS_PROFILE'] || 'default';
  const found = configFile[name] ?? credentialsFile[name];
  if (found === undefined && name !== 'default' && (named || !hasKeys(env))) {
    const names = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])].filter(
      (each) => !/^(services|sso-session)\./.test(each),
    );
    const there = names.length === 0 ? 'There are none; aws configure makes one.' : `There are: ${names.join(', ')}.`;
    throw new UserError(`There is no profile "${name}" in the configuration files of AWS.`, {
      exitCode: ExitCode.couldNotRun,
      hint: [didYouMean(name, names), there].filter(Boolean).join(' '),
    });
  }
  const settings = { ...credentialsFile[name], ...configFile[name] };
  return { settings, services: configFile[`services.${settings['services'] ?? ''}`] ?? {} };
}
