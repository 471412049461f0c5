import type { OperationOf } from '../../operation.ts';
import { optionalFunctionNameConstraint, readFunctionName } from '../functions/function-name.ts';
import { page } from '../page.ts';
import { arnConstraint } from './arn-constraint.ts';
import { mappingsOf } from './mappings.ts';

/** ListEventSourceMappings answers with 100 mappings at the most, whatever `MaxItems` says (Lambda API reference). */
const largestPage = 100;

export const listEventSourceMappings: OperationOf<'lambda', 'ListEventSourceMappings'> = {
  constraints: {
    EventSourceArn: arnConstraint,
    FunctionName: optionalFunctionNameConstraint,
    MaxItems: { min: 1, max: 10_000 },
  },
  resources: () => ['*'],
  handle(input, context) {
    const { EventSourceArn, FunctionName } = input;
    const wanted = FunctionName === undefined ? undefined : readFunctionName(FunctionName, context);
    const asked = mappingsOf(context.cloud, context)
      .all()
      .filter(({ source }) => EventSourceArn === undefined || source.arn === EventSourceArn)
      .filter(({ settings: { target } }) => wanted === undefined || (target.name === wanted.name && sameQualifier(target, wanted)));
    const { items, marker } = page(asked, ({ uuid }) => uuid, {
      marker: input.Marker,
      size: Math.min(input.MaxItems ?? largestPage, largestPage),
    });
    return { EventSourceMappings: items.map((mapping) => mapping.shown()), ...(marker === undefined ? {} : { NextMarker: marker }) };
  },
};

/** A name without a qualifier means the mappings of all versions and aliases; that AWS answers so is unverified. */
function sameQualifier(target: { readonly qualifier: string | undefined }, wanted: { readonly qualifier: string | undefined }): boolean {
  return wanted.qualifier === undefined || target.qualifier === wanted.qualifier;
}
