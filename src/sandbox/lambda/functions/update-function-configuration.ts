import type { OperationOf } from '../../operation.ts';
import { configurationOf } from './configuration.ts';
import { functionNameConstraint } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { functionsOf } from './functions.ts';
import { changeSettings, settingConstraints } from './settings.ts';

/** UpdateFunctionConfiguration (Lambda API reference and quotas). */
export const updateFunctionConfiguration: OperationOf<'lambda', 'UpdateFunctionConfiguration'> = {
  constraints: { FunctionName: functionNameConstraint, ...settingConstraints },
  resources: functionResource,
  handle(input, context) {
    const lambdaFunction = functionsOf(context.cloud, context).named(input.FunctionName ?? '');
    lambdaFunction.refuseOtherRevision(input.RevisionId);
    lambdaFunction.refuseWhileChanging();
    const change = { operation: 'UpdateFunctionConfiguration', functionArn: lambdaFunction.arn };
    const { settings, code } = lambdaFunction.configured;
    lambdaFunction.update({ settings: changeSettings(context, change, settings, input), code });
    return configurationOf(lambdaFunction);
  },
};
