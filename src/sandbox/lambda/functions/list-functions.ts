import type { OperationOf } from '../../operation.ts';
import { page } from '../page.ts';
import { listedConfiguration } from './configuration.ts';
import type { LambdaFunction } from './function.ts';
import { functionArn } from './function-name.ts';
import { functionsOf } from './functions.ts';
import type { RunnableVersion } from './invocable.ts';
import { latest } from './version.ts';

/** ListFunctions answers with 50 functions at the most, whatever `MaxItems` says (Lambda API reference); so does ListVersionsByFunction. */
export const largestPage = 50;

export const listFunctions: OperationOf<'lambda', 'ListFunctions'> = {
  constraints: {
    MasterRegion: { pattern: /^(?:ALL|[a-z]{2}(-gov)?-[a-z]+-\d{1})$/, patternText: 'ALL|[a-z]{2}(-gov)?-[a-z]+-\\d{1}' },
    FunctionVersion: { values: ['ALL'] },
    MaxItems: { min: 1, max: 10_000 },
  },
  resources: () => ['*'],
  handle(input, context) {
    const every = input.FunctionVersion === 'ALL';
    const functions = functionsOf(context.cloud, context).all();
    const { items, marker } = page(functions.flatMap(every ? versionsOf : (one) => [one]), versionKey, {
      marker: input.Marker,
      size: Math.min(input.MaxItems ?? largestPage, largestPage),
    });
    return {
      Functions: items.map((version) => listedConfiguration(version, every ? versionArn(version) : undefined)),
      ...(marker === undefined ? {} : { NextMarker: marker }),
    };
  },
};

/** `$LATEST`, and what was published. */
export function versionsOf(lambdaFunction: LambdaFunction): readonly RunnableVersion[] {
  return [lambdaFunction, ...lambdaFunction.versions.values()];
}

/** Sorts functions by name, and the versions of each in the order of their numbers, `$LATEST` first. */
export function versionKey({ owner, number }: RunnableVersion): string {
  return `${owner.name} ${number === latest ? '' : number.padStart(20)}`;
}

/** In lists of versions, `$LATEST` has a qualifier as well (recorded from Lambda). */
export function versionArn({ owner, number }: RunnableVersion): string {
  return functionArn(owner.scope, owner.name, number);
}
