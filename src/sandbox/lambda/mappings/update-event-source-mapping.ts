import type { OperationOf } from '../../operation.ts';
import { invalidParameter } from '../error.ts';
import { optionalFunctionNameConstraint } from '../functions/function-name.ts';
import { refuseForbiddenDestination } from './destination.ts';
import { mappedFunctionKey, mappingResource } from './mapping-resource.ts';
import { mappingsOf } from './mappings.ts';
import { changeMapping, mappingConstraints } from './settings.ts';
import { canMap, cannotAccess } from './stream-access.ts';
import { targetFunction } from './target-function.ts';

/** UpdateEventSourceMapping (Lambda API reference; Lambda Developer Guide, "Polling and stream starting positions"). */
export const updateEventSourceMapping: OperationOf<'lambda', 'UpdateEventSourceMapping'> = {
  constraints: {
    UUID: { required: true },
    FunctionName: optionalFunctionNameConstraint,
    ...mappingConstraints,
  },
  resources: mappingResource,
  conditionKeys: mappedFunctionKey,
  handle(input, context) {
    const mapping = mappingsOf(context.cloud, context).get(input.UUID ?? '');
    const other = input.FunctionName === undefined ? undefined : targetFunction(input.FunctionName, context);
    if (other !== undefined && !canMap(context.cloud, other.role, mapping.source)) {
      throw invalidParameter(cannotAccess(mapping.source));
    }
    const current = { ...mapping.settings, target: other?.target ?? mapping.settings.target };
    const settings = changeMapping('UpdateEventSourceMapping', current, input);
    if (settings.onFailure !== undefined && (other !== undefined || input.DestinationConfig !== undefined)) {
      const { role } = other ?? targetFunction(current.target.arn, context);
      refuseForbiddenDestination(context.cloud, role, settings.onFailure);
    }
    mapping.update(settings);
    return mapping.shown();
  },
};
