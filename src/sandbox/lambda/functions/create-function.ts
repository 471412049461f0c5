import { tagging } from '../../iam/besides.ts';
import type { OperationOf } from '../../operation.ts';
import { functionHost } from '../environments/host.ts';
import { notImplemented, refuseMembers } from '../error.ts';
import { removeCode, unpackCode } from './code.ts';
import { zipOf } from './code-source.ts';
import { configurationOf } from './configuration.ts';
import { LambdaFunction } from './function.ts';
import { functionArn, functionNameConstraint, readFunctionName, refuseLongName } from './function-name.ts';
import { functionsOf } from './functions.ts';
import { newSettings, settingConstraints } from './settings.ts';
import { checkTags } from './tags.ts';

/** CreateFunction (Lambda API reference and quotas). */
export const createFunction: OperationOf<'lambda', 'CreateFunction'> = {
  constraints: {
    FunctionName: functionNameConstraint,
    ...settingConstraints,
    Role: { ...settingConstraints.Role, required: true },
    Code: { required: true },
    PackageType: { values: ['Zip', 'Image'] },
    Architectures: { minLength: 1, maxLength: 1, each: { required: true, values: ['x86_64', 'arm64'] } },
  },
  resources: (input, context) => [functionArn(context, readFunctionName(input.FunctionName ?? '', context).name)],
  besides: ({ Tags }) => tagging('lambda:TagResource', Tags),
  async handle(input, context) {
    const { cloud } = context;
    const functions = functionsOf(cloud, context);
    const reference = readFunctionName(input.FunctionName ?? '', context);
    const { name } = reference;
    refuseLongName(reference);
    if (input.PackageType === 'Image' || input.Code?.ImageUri !== undefined) throw notImplemented('A function from a container image');
    refuseMembers('CreateFunction', input, ['CodeSigningConfigArn', 'PublishTo', 'TenancyConfig']);
    functions.refuseDuplicate(name);
    const settings = newSettings(context, name, input);
    const tags = checkTags(input.Tags);
    const code = await unpackCode(await zipOf('CreateFunction', input.Code ?? {}, context), (await functionHost(cloud)).codeFolder);
    try {
      // Another request may have come first while the code was unpacked.
      functions.refuseDuplicate(name);
    } catch (error) {
      await removeCode(code);
      throw error;
    }
    const lambdaFunction = new LambdaFunction(cloud, context, name, { settings, code }, tags);
    functions.add(lambdaFunction);
    // The answer has the number of the version, and the ARN of the function (recorded from Lambda).
    return configurationOf(input.Publish ? lambdaFunction.publish() : lambdaFunction);
  },
};
