import type { OperationOf } from '../../operation.ts';
import { invalidParameter, refuseMembers } from '../error.ts';
import { page } from '../page.ts';
import { configurationOf, listedConfiguration } from './configuration.ts';
import { functionNameConstraint, namespacedFunctionNameConstraint } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { functionsOf } from './functions.ts';
import { largestPage, versionArn, versionKey, versionsOf } from './list-functions.ts';

/** PublishVersion (Lambda API reference; texts recorded from Lambda): keeps `$LATEST` as it is, under the next number. */
export const publishVersion: OperationOf<'lambda', 'PublishVersion'> = {
  constraints: { FunctionName: functionNameConstraint, Description: { maxLength: 256 } },
  resources: functionResource,
  handle(input, context) {
    refuseMembers('PublishVersion', input, ['PublishTo']);
    const lambdaFunction = functionsOf(context.cloud, context).named(input.FunctionName ?? '');
    lambdaFunction.refuseOtherRevision(input.RevisionId);
    const { sha256 } = lambdaFunction.configured.code;
    // An empty text asks for nothing; that AWS takes it so is unverified.
    if (input.CodeSha256 && input.CodeSha256 !== sha256) {
      throw invalidParameter(
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${sha256}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    }
    lambdaFunction.refuseWhileChanging();
    const version = lambdaFunction.publish(input.Description);
    return configurationOf(version, version.arn);
  },
};

/** ListVersionsByFunction (Lambda API reference): `$LATEST` first. */
export const listVersionsByFunction: OperationOf<'lambda', 'ListVersionsByFunction'> = {
  constraints: { FunctionName: namespacedFunctionNameConstraint, MaxItems: { min: 1, max: 10_000 } },
  resources: functionResource,
  handle(input, context) {
    const lambdaFunction = functionsOf(context.cloud, context).named(input.FunctionName ?? '');
    const { items, marker } = page(versionsOf(lambdaFunction), versionKey, {
      marker: input.Marker,
      size: Math.min(input.MaxItems ?? largestPage, largestPage),
    });
    return {
      Versions: items.map((version) => listedConfiguration(version, versionArn(version))),
      ...(marker === undefined ? {} : { NextMarker: marker }),
    };
  },
};
