import type { OperationOf, RequestContext } from '../../operation.ts';
import { invalidParameter, notFound, notImplemented, refuseMembers, refuseOtherRevision } from '../error.ts';
import { aliasNotFound, mayBeAlias } from './alias-name.ts';
import { functionArn, namespacedFunctionNameConstraint, qualifierConstraint, readFunctionName } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { functionsOf, requestedInvocable } from './functions.ts';
import type { Invocable } from './invocable.ts';
import { permittedPrincipal } from './resource-policy.ts';
import { latest } from './version.ts';

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
  // Service Authorization Reference, AWS Lambda.
  conditionKeys: ({ Principal }) => ({ 'lambda:Principal': Principal ?? '' }),
  handle(input, context) {
    if (readFunctionName(input.FunctionName ?? '', context, input.Qualifier).qualifier === latest) {
      throw invalidParameter('We currently do not support adding policies for $LATEST.');
    }
    refuseMembers('AddPermission', input, ['EventSourceToken', 'PrincipalOrgID', 'FunctionUrlAuthType', 'InvokedViaFunctionUrl']);
    const principal = permittedPrincipal(context.cloud, input.Principal ?? '');
    const invocable = permittedInvocable(input, context);
    if (typeof principal === 'object' && 'AWS' in principal && input.Action !== 'lambda:InvokeFunction') {
      throw notImplemented(`The Action ${input.Action} for an account or a role in lambda:AddPermission`);
    }
    refuseOtherRevision(revisionOf(invocable), input.RevisionId, 'GetPolicy');
    const permission = {
      sid: input.StatementId ?? '',
      action: input.Action ?? '',
      principal,
      sourceArn: input.SourceArn,
      sourceAccount: input.SourceAccount,
    };
    invocable.resourcePolicy.add(permission);
    revise(invocable);
    return { Statement: invocable.resourcePolicy.statementText(permission) };
  },
};

/** GetPolicy (Lambda API reference). A function without a policy and no function at all are answered alike. */
export const getPolicy: OperationOf<'lambda', 'GetPolicy'> = {
  constraints: { FunctionName: namespacedFunctionNameConstraint, Qualifier: qualifierConstraint },
  resources: functionResource,
  handle(input, context) {
    const { name, qualifier, ...scope } = readFunctionName(input.FunctionName ?? '', context, input.Qualifier);
    const invocable = functionsOf(context.cloud, scope).find(name)?.invocable(qualifier);
    if (invocable === undefined || invocable.resourcePolicy.empty || qualifier === latest) {
      throw notFound('The resource you requested does not exist.');
    }
    return { Policy: invocable.resourcePolicy.text, RevisionId: revisionOf(invocable).revisionId };
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
    const { name, qualifier, ...scope } = readFunctionName(input.FunctionName ?? '', context, input.Qualifier);
    const lambdaFunction = functionsOf(context.cloud, scope).find(name);
    const invocable = qualifier === latest ? undefined : lambdaFunction?.invocable(qualifier);
    const arn = functionArn(scope, name, qualifier);
    if (lambdaFunction !== undefined && invocable === undefined && mayBeAlias(qualifier)) throw aliasNotFound(arn);
    if (invocable === undefined) throw notFound(`No policy found for: ${arn}`);
    refuseOtherRevision(revisionOf(invocable), input.RevisionId, 'GetPolicy');
    invocable.resourcePolicy.remove(input.StatementId ?? '');
    revise(invocable);
    return {};
  },
};

/** The revision that the policy is of. */
function revisionOf({ resourcePolicy, revisionId }: Invocable): { readonly revisionId: string } {
  return { revisionId: resourcePolicy.empty ? revisionId : (resourcePolicy.revisionId ?? revisionId) };
}

function revise(invocable: Invocable): void {
  invocable.touch();
  invocable.resourcePolicy.revisionId = invocable.revisionId;
}

/** What a permission is added to. @throws {AwsError} ResourceNotFoundException, in other words for an alias (recorded from Lambda) */
function permittedInvocable(input: PermittedName, context: RequestContext): Invocable {
  const { name, qualifier, ...scope } = readFunctionName(input.FunctionName ?? '', context, input.Qualifier);
  const lambdaFunction = functionsOf(context.cloud, scope).find(name);
  if (lambdaFunction !== undefined && mayBeAlias(qualifier) && !lambdaFunction.aliases.has(qualifier)) {
    throw aliasNotFound(functionArn(scope, name, qualifier));
  }
  return requestedInvocable(input, context).invocable;
}

interface PermittedName {
  readonly FunctionName: string | undefined;
  readonly Qualifier?: string | undefined;
}
