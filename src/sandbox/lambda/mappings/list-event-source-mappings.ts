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
    const functionName = FunctionName === undefined ? undefined : readFunctionName(FunctionName, context).name;
    const asked = mappingsOf(context.cloud, context)
      .all()
      .filter((mapping) => EventSourceArn === undefined || mapping.streamArn === EventSourceArn)
      .filter((mapping) => functionName === undefined || mapping.settings.functionName === functionName);
    const { items, marker } = page(asked, ({ uuid }) => uuid, {
      marker: input.Marker,
      size: Math.min(input.MaxItems ?? largestPage, largestPage),
    });
    return { EventSourceMappings: items.map((mapping) => mapping.shown()), ...(marker === undefined ? {} : { NextMarker: marker }) };
  },
};
