import type { OperationOf } from '../../operation.ts';
import { invalidParameter } from '../error.ts';
import { optionalFunctionNameConstraint } from '../functions/function-name.ts';
import { refuseForbiddenDestination } from './destination.ts';
import { mappingResource } from './mapping-resource.ts';
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
  handle(input, context) {
    const mapping = mappingsOf(context.cloud, context).get(input.UUID ?? '');
    const { functionArn, functionName } = mapping.settings;
    const target = input.FunctionName === undefined ? undefined : targetFunction(input.FunctionName, context);
    if (target !== undefined && !canMap(context.cloud, target.role, mapping.streamArn)) {
      throw invalidParameter(cannotAccess(mapping.streamArn));
    }
    const current = { ...mapping.settings, functionName: target?.name ?? functionName, functionArn: target?.arn ?? functionArn };
    const settings = changeMapping('UpdateEventSourceMapping', current, input);
    if (settings.onFailure !== undefined && (target !== undefined || input.DestinationConfig !== undefined)) {
      const { role } = target ?? targetFunction(current.functionName, context);
      refuseForbiddenDestination(context.cloud, role, settings.onFailure);
    }
    mapping.update(settings);
    return mapping.shown();
  },
};
