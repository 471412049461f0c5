import type { OperationOf } from '../../operation.ts';
import { functionHost } from '../environments/host.ts';
import { refuseMembers } from '../error.ts';
import { digestCode, removeCode, unpackCode } from './code.ts';
import { zipOf } from './code-source.ts';
import { configurationOf } from './configuration.ts';
import { functionNameConstraint } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { functionsOf } from './functions.ts';

/** UpdateFunctionCode (Lambda API reference and quotas). */
export const updateFunctionCode: OperationOf<'lambda', 'UpdateFunctionCode'> = {
  constraints: {
    FunctionName: functionNameConstraint,
    Architectures: { minLength: 1, maxLength: 1, each: { required: true, values: ['x86_64', 'arm64'] } },
  },
  resources: functionResource,
  async handle(input, context) {
    const lambdaFunction = functionsOf(context.cloud, context).named(input.FunctionName ?? '');
    refuseMembers('UpdateFunctionCode', input, ['ImageUri', 'PublishTo']);
    lambdaFunction.refuseOtherRevision(input.RevisionId);
    lambdaFunction.refuseWhileChanging();
    const zip = await zipOf('UpdateFunctionCode', input, context);
    const architecture = input.Architectures?.[0] ?? lambdaFunction.configured.settings.architecture;
    if (input.DryRun) {
      const { sha256, size } = await digestCode(zip);
      return { ...configurationOf(lambdaFunction), Architectures: [architecture], CodeSha256: sha256, CodeSize: size };
    }
    const code = await unpackCode(zip, (await functionHost(context.cloud)).codeFolder);
    try {
      // Another request may have come first while the code was unpacked.
      lambdaFunction.refuseWhileChanging();
    } catch (error) {
      await removeCode(code);
      throw error;
    }
    lambdaFunction.update({ settings: { ...lambdaFunction.configured.settings, architecture }, code });
    if (!input.Publish) return configurationOf(lambdaFunction);
    const version = lambdaFunction.publish();
    return configurationOf(version, version.arn);
  },
};
