import { AwsError } from '../../error.ts';
import type { OperationOf } from '../../operation.ts';
import { invalidParameter, notFound, notImplemented, refuseMembers } from '../error.ts';
import type { LambdaFunction } from './function.ts';
import { functionArn, namespacedFunctionNameConstraint, qualifierConstraint, readFunctionName } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { functionsOf } from './functions.ts';
import { permittedPrincipal } from './resource-policy.ts';

const action = '(lambda:[*]|lambda:[a-zA-Z]+|[*])';
const sourceArn = String.raw`arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)`;

/** AddPermission (Lambda API reference; texts recorded from Lambda): lets a service, an account or a role invoke a function. */
export const addPermission: OperationOf<'lambda', 'AddPermission'> = {
  constraints: {
    FunctionName: namespacedFunctionNameConstraint,
    StatementId: { required: true, minLength: 1, maxLength: 100, pattern: /^[a-zA-Z0-9-_]+$/, patternText: '([a-zA-Z0-9-_]+)' },
    Action: { required: true, pattern: new RegExp(`^${action}$`), patternText: action },
    Principal: { required: true, pattern: /^[^\s]+$/ },
    SourceArn: { pattern: new RegExp(`^${sourceArn}$`), patternText: sourceArn },
    SourceAccount: { maxLength: 12, pattern: /^\d{12}$/ },
    Qualifier: qualifierConstraint,
  },
  resources: functionResource,
  handle(input, context) {
    const { FunctionName = '', Qualifier } = input;
    if (readFunctionName(FunctionName, context, Qualifier).qualifier === '$LATEST') {
      throw invalidParameter('We currently do not support adding policies for $LATEST.');
    }
    refuseMembers('AddPermission', input, ['EventSourceToken', 'PrincipalOrgID', 'FunctionUrlAuthType', 'InvokedViaFunctionUrl']);
    const principal = permittedPrincipal(context.cloud, input.Principal ?? '');
    const lambdaFunction = functionsOf(context.cloud, context).named(FunctionName, Qualifier);
    if (typeof principal === 'object' && 'AWS' in principal && input.Action !== 'lambda:InvokeFunction') {
      throw notImplemented(`The Action ${input.Action} for an account or a role in lambda:AddPermission`);
    }
    refuseOtherRevision(lambdaFunction, input.RevisionId);
    const permission = {
      sid: input.StatementId ?? '',
      action: input.Action ?? '',
      principal,
      sourceArn: input.SourceArn,
      sourceAccount: input.SourceAccount,
    };
    lambdaFunction.resourcePolicy.add(permission);
    lambdaFunction.touch();
    return { Statement: lambdaFunction.resourcePolicy.statementText(permission) };
  },
};

/** GetPolicy (Lambda API reference). A function without a policy and no function at all are answered alike. */
export const getPolicy: OperationOf<'lambda', 'GetPolicy'> = {
  constraints: { FunctionName: namespacedFunctionNameConstraint, Qualifier: qualifierConstraint },
  resources: functionResource,
  handle(input, context) {
    const { name, qualifier } = readFunctionName(input.FunctionName ?? '', context, input.Qualifier);
    const lambdaFunction = qualifier === undefined ? functionsOf(context.cloud, context).find(name) : undefined;
    if (lambdaFunction === undefined || lambdaFunction.resourcePolicy.empty) {
      throw notFound('The resource you requested does not exist.');
    }
    return { Policy: lambdaFunction.resourcePolicy.text, RevisionId: lambdaFunction.revisionId };
  },
};

/** RemovePermission (Lambda API reference; texts recorded from Lambda). */
export const removePermission: OperationOf<'lambda', 'RemovePermission'> = {
  constraints: {
    FunctionName: namespacedFunctionNameConstraint,
    StatementId: { required: true, minLength: 1, maxLength: 100, pattern: /^[a-zA-Z0-9-_.]+$/, patternText: '([a-zA-Z0-9-_.]+)' },
    Qualifier: qualifierConstraint,
  },
  resources: functionResource,
  handle(input, context) {
    const { name, qualifier } = readFunctionName(input.FunctionName ?? '', context, input.Qualifier);
    const lambdaFunction = qualifier === undefined ? functionsOf(context.cloud, context).find(name) : undefined;
    if (lambdaFunction === undefined) throw notFound(`No policy found for: ${functionArn(context, name)}`);
    refuseOtherRevision(lambdaFunction, input.RevisionId);
    lambdaFunction.resourcePolicy.remove(input.StatementId ?? '');
    lambdaFunction.touch();
    return {};
  },
};

/** The text was recorded for AddPermission; that RemovePermission has the same is unverified. */
function refuseOtherRevision(lambdaFunction: LambdaFunction, revisionId: string | undefined): void {
  if (revisionId === undefined || revisionId === lambdaFunction.revisionId) return;
  const text = 'The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id';
  throw new AwsError('PreconditionFailedException', text, { status: 412 });
}
