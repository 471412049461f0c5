import { join } from 'node:path';
import type { IssuedCredentials } from '../../auth/credentials.ts';
import type { FunctionIdentity, FunctionVersion } from '../functions/version.ts';
import type { OwnPlaces } from './environment.ts';
import type { Interpreter } from './interpreters.ts';

export interface VariableSources {
  readonly identity: FunctionIdentity;
  readonly version: FunctionVersion;
  readonly interpreter: Interpreter;
  readonly credentials: IssuedCredentials;
  readonly logStream: string;
  readonly own: OwnPlaces;
  /** Where SDK clients inside the function reach this sandbox. */
  readonly endpoint: string;
  /** The folder that lends `@aws-sdk/*` to functions. */
  readonly modules: string;
}

/**
 * The variables that a function sees (recorded in Lambda). Nothing of the sandbox's own environment is among them. Paths are
 * those of this machine, since nobody can unpack code to /var/task here. On Lambda the home is a folder that is not there, and
 * /tmp belongs to the environment; here both are folders of its own, which programs find by HOME and TMPDIR.
 */
export function environmentVariables(sources: VariableSources): Record<string, string> {
  const { identity, version, interpreter, credentials, own } = sources;
  const { settings, code } = version;
  const { runtime } = settings;
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    SHLVL: '0',
    PWD: code.folder,
    PATH: `${interpreter.folder}:/usr/local/bin:/usr/bin:/bin:/opt/bin`,
    ...(runtime.language === 'node' ? { NODE_PATH: `${sources.modules}:${code.folder}` } : {}),
    ...interpreter.variables,
    HOME: own.home,
    TMPDIR: own.temporary,
    AWS_ENDPOINT_URL: sources.endpoint,
    ...settings.variables,
    _HANDLER: settings.handler,
    LAMBDA_TASK_ROOT: code.folder,
    LAMBDA_RUNTIME_DIR: join(interpreter.arguments.at(-1) ?? '', '..'),
    AWS_REGION: identity.scope.region,
    AWS_DEFAULT_REGION: identity.scope.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime.id}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_FUNCTION_NAME: identity.name,
    AWS_LAMBDA_FUNCTION_VERSION: version.number,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: sources.logStream,
    AWS_LAMBDA_RUNTIME_API: own.runtimeApi,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  };
}
