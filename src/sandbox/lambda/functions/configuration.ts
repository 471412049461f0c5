import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { RunnableVersion } from './invocable.ts';
import { runtimeVersionArn } from './runtimes.ts';

/**
 * A version of a function as CreateFunction, GetFunctionConfiguration and their like answer it (Lambda API reference and quotas).
 * @param arn by which it was asked for
 */
export function configurationOf(version: RunnableVersion, arn: string = version.owner.arn): FunctionConfiguration {
  const { runtime } = version.configured.settings;
  return {
    ...listedConfiguration(version, arn),
    ...stateOf(version),
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(runtime, version.owner.scope.region) },
  };
}

/** The same in lists, which do not tell the state (recorded from Lambda). */
export function listedConfiguration(version: RunnableVersion, arn: string = version.owner.arn): FunctionConfiguration {
  const { settings, code } = version.configured;
  return {
    FunctionName: version.owner.name,
    FunctionArn: arn,
    Runtime: settings.runtime.id as NonNullable<FunctionConfiguration['Runtime']>,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.size,
    Description: settings.description,
    Timeout: settings.timeout,
    MemorySize: settings.memorySize,
    // `2026-11-21T09:00:00.000+0000`, unlike every other time stamp.
    LastModified: new Date(version.lastModified).toISOString().replace('Z', '+0000'),
    CodeSha256: code.sha256,
    Version: version.number,
    ...(settings.variables === undefined ? {} : { Environment: { Variables: { ...settings.variables } } }),
    TracingConfig: { Mode: settings.tracing },
    RevisionId: version.revisionId,
    PackageType: 'Zip',
    Architectures: [settings.architecture],
    EphemeralStorage: { Size: settings.ephemeralStorage },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: settings.logGroup },
  };
}

/** As recorded: an update gives the same reason as a creation. */
function stateOf({ state, lastUpdateStatus }: RunnableVersion): FunctionConfiguration {
  if (state === 'Pending') return { State: 'Pending', StateReason: 'The function is being created.', StateReasonCode: 'Creating' };
  if (lastUpdateStatus === 'Successful') return { State: 'Active', LastUpdateStatus: 'Successful' };
  return {
    State: 'Active',
    LastUpdateStatus: 'InProgress',
    LastUpdateStatusReason: 'The function is being created.',
    LastUpdateStatusReasonCode: 'Creating' as NonNullable<FunctionConfiguration['LastUpdateStatusReasonCode']>,
  };
}
