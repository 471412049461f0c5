import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { LambdaFunction } from './function.ts';
import { runtimeVersionArn } from './runtimes.ts';

/** A function as CreateFunction, GetFunctionConfiguration and their like answer it (Lambda API reference and quotas). */
export function configurationOf(lambdaFunction: LambdaFunction): FunctionConfiguration {
  const { settings, code } = lambdaFunction.latest;
  return {
    FunctionName: lambdaFunction.name,
    FunctionArn: lambdaFunction.arn,
    Runtime: settings.runtime.id as NonNullable<FunctionConfiguration['Runtime']>,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.size,
    Description: settings.description,
    Timeout: settings.timeout,
    MemorySize: settings.memorySize,
    // `2026-11-21T09:00:00.000+0000`, unlike every other time stamp.
    LastModified: new Date(lambdaFunction.lastModified).toISOString().replace('Z', '+0000'),
    CodeSha256: code.sha256,
    Version: '$LATEST',
    ...(settings.variables === undefined ? {} : { Environment: { Variables: { ...settings.variables } } }),
    TracingConfig: { Mode: settings.tracing },
    RevisionId: lambdaFunction.revisionId,
    ...stateOf(lambdaFunction),
    PackageType: 'Zip',
    Architectures: [settings.architecture],
    EphemeralStorage: { Size: settings.ephemeralStorage },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(settings.runtime, lambdaFunction.scope.region) },
    LoggingConfig: { LogFormat: 'Text', LogGroup: settings.logGroup },
  };
}

/** As recorded: an update gives the same reason as a creation. */
function stateOf({ state, lastUpdateStatus }: LambdaFunction): FunctionConfiguration {
  if (state === 'Pending') return { State: 'Pending', StateReason: 'The function is being created.', StateReasonCode: 'Creating' };
  if (lastUpdateStatus === 'Successful') return { State: 'Active', LastUpdateStatus: 'Successful' };
  return {
    State: 'Active',
    LastUpdateStatus: 'InProgress',
    LastUpdateStatusReason: 'The function is being created.',
    LastUpdateStatusReasonCode: 'Creating' as NonNullable<FunctionConfiguration['LastUpdateStatusReasonCode']>,
  };
}
