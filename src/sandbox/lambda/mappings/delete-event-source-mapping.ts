import type { OperationOf } from '../../operation.ts';
import { mappedFunctionKey, mappingResource } from './mapping-resource.ts';
import { mappingsOf } from './mappings.ts';

/** DeleteEventSourceMapping (Lambda API reference; Lambda Developer Guide, "Polling and stream starting positions"). */
export const deleteEventSourceMapping: OperationOf<'lambda', 'DeleteEventSourceMapping'> = {
  constraints: { UUID: { required: true } },
  resources: mappingResource,
  conditionKeys: mappedFunctionKey,
  handle(input, context) {
    const mappings = mappingsOf(context.cloud, context);
    const mapping = mappings.get(input.UUID ?? '');
    mapping.delete(() => mappings.delete(mapping));
    return mapping.shown();
  },
};
