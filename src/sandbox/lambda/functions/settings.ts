import type { CreateFunctionCommandInput, UpdateFunctionConfigurationCommandInput } from '@aws-sdk/client-lambda';
import { AwsError } from '../../error.ts';
import { assumableByService, denial } from '../../iam/access.ts';
import type { Constraint, RequestContext } from '../../operation.ts';
import { invalidParameter, notImplemented, refuseMembers, validationError } from '../error.ts';
import { functionArn } from './function-name.ts';
import { runtimeOf } from './runtimes.ts';
import type { FunctionSettings } from './version.ts';

type Settable = Omit<UpdateFunctionConfigurationCommandInput, 'FunctionName' | 'RevisionId'>;

const rolePattern = 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+';

/** The limits of the members that CreateFunction and UpdateFunctionConfiguration share (Lambda API model, Lambda API reference and quotas). */
export const settingConstraints = {
  Role: { pattern: new RegExp(`^${rolePattern}$`), patternText: rolePattern },
  Handler: { maxLength: 128, pattern: /^[^\s]+$/ },
  Description: { maxLength: 256 },
  Timeout: { min: 1, max: 900 },
  MemorySize: { min: 128, max: 10_240 },
  TracingConfig: { members: { Mode: { values: ['Active', 'PassThrough'] } } },
  EphemeralStorage: { members: { Size: { required: true, min: 512, max: 10_240 } } },
  LoggingConfig: {
    members: { LogFormat: { values: ['JSON', 'Text'] }, LogGroup: { minLength: 1, maxLength: 512, pattern: /^[.\-_/#A-Za-z0-9]+$/ } },
  },
} as const satisfies Readonly<Record<string, Constraint>>;

/** Members of both operations which the sandbox does not act on. */
const unsupported = [
  'VpcConfig',
  'DeadLetterConfig',
  'KMSKeyArn',
  'Layers',
  'FileSystemConfigs',
  'ImageConfig',
  'CapacityProviderConfig',
  'DurableConfig',
];

/** Which operation changes which function. */
interface Change {
  readonly operation: string;
  /** Unqualified. */
  readonly functionArn: string;
}

/**
 * The settings that a request asks for, on top of those that are there.
 * @throws {AwsError} for what is not allowed or not implemented.
 */
export function changeSettings(
  context: RequestContext,
  { operation, functionArn }: Change,
  current: FunctionSettings,
  input: Settable,
): FunctionSettings {
  refuseMembers(operation, input, unsupported);
  if (input.SnapStart?.ApplyOn === 'PublishedVersions') throw notImplemented(`SnapStart of lambda:${operation}`);
  const logging = input.LoggingConfig;
  if (logging?.LogFormat === 'JSON') throw notImplemented(`LogFormat JSON of lambda:${operation}`);
  refuseMembers(operation, logging ?? {}, ['ApplicationLogLevel', 'SystemLogLevel']);
  const variables = input.Environment === undefined ? current.variables : checkVariables(input.Environment.Variables ?? {});
  if (input.Role !== undefined) checkRole(context, input.Role, functionArn);
  return {
    runtime: input.Runtime === undefined ? current.runtime : runtimeOf(input.Runtime),
    handler: input.Handler ?? current.handler,
    role: input.Role ?? current.role,
    description: input.Description ?? current.description,
    timeout: input.Timeout ?? current.timeout,
    memorySize: input.MemorySize ?? current.memorySize,
    variables,
    architecture: current.architecture,
    ephemeralStorage: input.EphemeralStorage?.Size ?? current.ephemeralStorage,
    tracing: input.TracingConfig?.Mode ?? current.tracing,
    logGroup: logging?.LogGroup ?? current.logGroup,
  };
}

/** Whoever gives a role to a function has to be allowed to, and the role has to trust Lambda, for this function where it asks. */
function checkRole({ cloud, principal }: RequestContext, role: string, functionArn: string): void {
  // As reports quote it.
  if (role.split(':')[4] !== principal.account) {
    throw new AwsError('AccessDeniedException', 'Cross-account pass role is not allowed.', { status: 403 });
  }
  const why = denial(cloud, principal, 'iam:PassRole', [role], { 'iam:PassedToService': 'lambda.amazonaws.com' });
  if (why !== undefined) throw new AwsError('AccessDeniedException', why, { status: 403 });
  if (assumableByService(cloud, role, 'lambda.amazonaws.com', { 'aws:SourceArn': functionArn })) return;
  throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
}

/** The settings of a new function. @throws {AwsError} as `changeSettings`. */
export function newSettings(context: RequestContext, name: string, input: CreateFunctionCommandInput): FunctionSettings {
  const { Runtime, Handler, Role = '' } = input;
  if (Runtime === undefined || Handler === undefined) {
    throw invalidParameter('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
  }
  const defaults: FunctionSettings = {
    runtime: runtimeOf(Runtime),
    handler: Handler,
    role: Role,
    description: '',
    timeout: 3,
    memorySize: 128,
    variables: undefined,
    // The machine's own architecture runs either.
    architecture: input.Architectures?.[0] ?? 'x86_64',
    ephemeralStorage: 512,
    tracing: 'PassThrough',
    logGroup: `/aws/lambda/${name}`,
  };
  return changeSettings(context, { operation: 'CreateFunction', functionArn: functionArn(context, name) }, defaults, input);
}

/** Variables that Lambda sets itself (Developer Guide, "Defined runtime environment variables"). */
const reserved = new Set(
  (
    '_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME ' +
    'AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME ' +
    'AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN ' +
    'AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR'
  ).split(' '),
);

/** Bytes of all names and values. */
const largestVariables = 4_096;

/** The texts are widely quoted; the first is unverified in its form for several keys. */
function checkVariables(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const problem = 'Lambda was unable to configure your environment variables because the environment variables you have provided';
  const taken = Object.keys(variables).filter((name) => reserved.has(name));
  if (taken.length > 0) {
    throw invalidParameter(
      `${problem} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${taken.join(', ')}`,
    );
  }
  const wrong = Object.keys(variables).find((name) => !/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name));
  if (wrong !== undefined) {
    throw validationError(
      "Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: " +
        '[Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]',
    );
  }
  const text = JSON.stringify(variables);
  const size = Object.entries(variables).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (size > largestVariables) throw invalidParameter(`${problem} exceeded the 4KB limit. String measured: ${text}`);
  return { ...variables };
}
