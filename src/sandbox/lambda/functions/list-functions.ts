import type { OperationOf } from '../../operation.ts';
import { page } from '../page.ts';
import { configurationOf } from './configuration.ts';
import { functionsOf } from './functions.ts';

/** ListFunctions answers with 50 functions at the most, whatever `MaxItems` says (Lambda API reference). */
const largestPage = 50;

export const listFunctions: OperationOf<'lambda', 'ListFunctions'> = {
  constraints: {
    MasterRegion: { pattern: /^(?:ALL|[a-z]{2}(-gov)?-[a-z]+-\d{1})$/, patternText: 'ALL|[a-z]{2}(-gov)?-[a-z]+-\\d{1}' },
    FunctionVersion: { values: ['ALL'] },
    MaxItems: { min: 1, max: 10_000 },
  },
  resources: () => ['*'],
  handle(input, context) {
    const { items, marker } = page(functionsOf(context.cloud, context).all(), (lambdaFunction) => lambdaFunction.name, {
      marker: input.Marker,
      size: Math.min(input.MaxItems ?? largestPage, largestPage),
    });
    return { Functions: items.map(configurationOf), ...(marker === undefined ? {} : { NextMarker: marker }) };
  },
};
