import type { AliasRoutingConfiguration } from '@aws-sdk/client-lambda';
import type { Constraint, OperationOf, RequestContext } from '../../operation.ts';
import { conflict, invalidParameter, notFound, refuseOtherRevision, untypedInvalidParameter, validationError } from '../error.ts';
import { page } from '../page.ts';
import { Alias, type AliasSettings } from './alias.ts';
import { aliasName, aliasNotFound } from './alias-name.ts';
import type { LambdaFunction } from './function.ts';
import { functionArn, functionNameConstraint, readFunctionName } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { functionNotFound, functionsOf } from './functions.ts';
import { largestPage } from './list-functions.ts';
import { latest } from './version.ts';

const numberPattern = '(\\$LATEST(\\.PUBLISHED)?|[0-9]+)';
const functionVersion: Constraint = {
  minLength: 1,
  maxLength: 1024,
  pattern: new RegExp(`^${numberPattern}$`),
  patternText: numberPattern,
};
const description: Constraint = { maxLength: 256 };

/** How requests name an alias. */
interface AliasReference {
  readonly FunctionName?: string | undefined;
  readonly Name?: string | undefined;
}

/** CreateAlias (Lambda API reference; texts recorded from Lambda). */
export const createAlias: OperationOf<'lambda', 'CreateAlias'> = {
  constraints: {
    FunctionName: functionNameConstraint,
    Name: aliasName,
    FunctionVersion: { ...functionVersion, required: true },
    Description: description,
  },
  resources: functionResource,
  handle(input, context) {
    const { Name = '', FunctionVersion = latest } = input;
    checkWeights(input.RoutingConfig);
    const { name, ...scope } = readFunctionName(input.FunctionName ?? '', context);
    const lambdaFunction = functionsOf(context.cloud, scope).find(name);
    if (lambdaFunction === undefined) throw functionNotFound(functionArn(scope, name, FunctionVersion));
    const settings = {
      description: input.Description ?? '',
      functionVersion: FunctionVersion,
      additional: additionalOf(input.RoutingConfig),
    };
    checkVersions(lambdaFunction, settings);
    const alias = new Alias(lambdaFunction.arn, Name, settings, (number) => lambdaFunction.version(number));
    if (lambdaFunction.aliases.has(Name)) throw conflict(`Alias already exists: ${alias.arn}`);
    lambdaFunction.aliases.set(Name, alias);
    return alias.shown();
  },
};

/** UpdateAlias (Lambda API reference; texts recorded from Lambda). */
export const updateAlias: OperationOf<'lambda', 'UpdateAlias'> = {
  constraints: { FunctionName: functionNameConstraint, Name: aliasName, FunctionVersion: functionVersion, Description: description },
  resources: functionResource,
  handle(input, context) {
    checkWeights(input.RoutingConfig);
    const { lambdaFunction, alias, arn } = find(input, context);
    if (lambdaFunction === undefined || alias === undefined) throw notFound(`Alias not found: ${arn}`);
    refuseOtherRevision(alias, input.RevisionId);
    const settings = {
      description: input.Description ?? alias.settings.description,
      functionVersion: input.FunctionVersion ?? alias.settings.functionVersion,
      additional: input.RoutingConfig === undefined ? alias.settings.additional : additionalOf(input.RoutingConfig),
    };
    checkVersions(lambdaFunction, settings);
    alias.change(settings);
    return alias.shown();
  },
};

/** GetAlias (Lambda API reference). */
export const getAlias: OperationOf<'lambda', 'GetAlias'> = {
  constraints: { FunctionName: functionNameConstraint, Name: aliasName },
  resources: functionResource,
  handle(input, context) {
    const { alias, arn } = find(input, context);
    if (alias === undefined) throw aliasNotFound(arn);
    return alias.shown();
  },
};

/** DeleteAlias (Lambda API reference). One that is not there is deleted without an error (recorded from Lambda). */
export const deleteAlias: OperationOf<'lambda', 'DeleteAlias'> = {
  constraints: { FunctionName: functionNameConstraint, Name: aliasName },
  resources: functionResource,
  handle(input, context) {
    find(input, context).lambdaFunction?.aliases.delete(input.Name ?? '');
    return {};
  },
};

/** ListAliases (Lambda API reference). */
export const listAliases: OperationOf<'lambda', 'ListAliases'> = {
  constraints: { FunctionName: functionNameConstraint, FunctionVersion: functionVersion, MaxItems: { min: 1, max: 10_000 } },
  resources: functionResource,
  handle(input, context) {
    const { aliases } = functionsOf(context.cloud, context).named(input.FunctionName ?? '');
    const asked = [...aliases.values()]
      .filter(({ settings }) => input.FunctionVersion === undefined || settings.functionVersion === input.FunctionVersion)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const { items, marker } = page(asked, ({ name }) => name, {
      marker: input.Marker,
      size: Math.min(input.MaxItems ?? largestPage, largestPage),
    });
    return { Aliases: items.map((alias) => alias.shown()), ...(marker === undefined ? {} : { NextMarker: marker }) };
  },
};

function find({ FunctionName = '', Name = '' }: AliasReference, context: RequestContext) {
  const { name, ...scope } = readFunctionName(FunctionName, context);
  const lambdaFunction: LambdaFunction | undefined = functionsOf(context.cloud, scope).find(name);
  return { lambdaFunction, alias: lambdaFunction?.aliases.get(Name), arn: functionArn(scope, name, Name) };
}

function additionalOf(routing: AliasRoutingConfiguration | undefined): AliasSettings['additional'] {
  const [first] = Object.entries(routing?.AdditionalVersionWeights ?? {});
  return first && { functionVersion: first[0], weight: first[1] };
}

/** @throws {AwsError} ValidationException, InvalidParameterValueException */
function checkWeights(routing: AliasRoutingConfiguration | undefined): void {
  const weights = Object.entries(routing?.AdditionalVersionWeights ?? {});
  const shown = weights.map(([number, weight]) => `${number}=${Number.isInteger(weight) ? weight.toFixed(1) : weight}`).join(', ');
  const problem = `Value '{${shown}}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map`;
  if (weights.some(([, weight]) => weight > 1 || weight < 0)) {
    throw validationError(
      `${problem} value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]`,
    );
  }
  if (weights.some(([number]) => !/^[0-9]{1,1024}$/.test(number))) {
    throw validationError(
      `${problem} keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]`,
    );
  }
  if (weights.length > 1) throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
}

/** @throws {AwsError} where a version is not there, or cannot share the traffic with the other */
function checkVersions(lambdaFunction: LambdaFunction, { functionVersion: number, additional }: AliasSettings): void {
  if (additional !== undefined && number === latest) {
    throw untypedInvalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  if (additional?.functionVersion === number) {
    throw invalidParameter(`Invalid function version ${number}. Function version ${number} is already included in routing configuration.`);
  }
  for (const asked of [number, ...(additional ? [additional.functionVersion] : [])]) {
    if (lambdaFunction.version(asked) === undefined) throw functionNotFound(`${lambdaFunction.arn}:${asked}`);
  }
}
