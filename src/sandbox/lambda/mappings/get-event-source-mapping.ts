import type { OperationOf } from '../../operation.ts';
import { mappedFunctionKey, mappingResource } from './mapping-resource.ts';
import { mappingsOf } from './mappings.ts';

/** GetEventSourceMapping (Lambda API reference). */
export const getEventSourceMapping: OperationOf<'lambda', 'GetEventSourceMapping'> = {
  constraints: { UUID: { required: true } },
  resources: mappingResource,
  conditionKeys: mappedFunctionKey,
  handle: (input, context) =>
    mappingsOf(context.cloud, context)
      .get(input.UUID ?? '')
      .shown(),
};
