import type { CreateEventSourceMappingCommandInput } from '@aws-sdk/client-lambda';
import { tagging } from '../../iam/besides.ts';
import type { StartingPosition } from '../../kinesis/stream-progress.ts';
import { streamByArn } from '../../kinesis/streams.ts';
import type { OperationOf, RequestContext } from '../../operation.ts';
import { conflict, invalidParameter } from '../error.ts';
import { namespacedFunctionNameConstraint } from '../functions/function-name.ts';
import { checkTags } from '../functions/tags.ts';
import { arnConstraint } from './arn-constraint.ts';
import { refuseForbiddenDestination } from './destination.ts';
import { type EventSource, findConsumer, parseEventSource } from './event-source.ts';
import { EventSourceMapping } from './mapping.ts';
import { mappedFunctionKey } from './mapping-resource.ts';
import { type Mappings, mappingsOf } from './mappings.ts';
import { changeMapping, defaultSettings, type MappedFunction, mappingConstraints } from './settings.ts';
import { canMap, cannotAccess } from './stream-access.ts';
import { targetFunction } from './target-function.ts';

/** CreateEventSourceMapping (Lambda API reference; mappings recorded on AWS), for Kinesis streams and consumers of them. */
export const createEventSourceMapping: OperationOf<'lambda', 'CreateEventSourceMapping'> = {
  constraints: {
    EventSourceArn: arnConstraint,
    FunctionName: namespacedFunctionNameConstraint,
    ...mappingConstraints,
    // In the order in which AWS lists them.
    StartingPosition: { values: ['LATEST', 'AT_TIMESTAMP', 'TRIM_HORIZON'] },
  },
  resources: () => ['*'],
  conditionKeys: mappedFunctionKey,
  besides: ({ Tags }) => tagging('lambda:TagResource', Tags),
  handle(input, context) {
    const { cloud } = context;
    const source = parseEventSource(input.EventSourceArn ?? '');
    const start = startingPosition(input, cloud.clock.now());
    const { target, role } = targetFunction(input.FunctionName ?? '', context);
    const settings = changeMapping('CreateEventSourceMapping', { ...defaultSettings, target }, input);
    if (!canMap(cloud, role, source)) throw invalidParameter(cannotAccess(source));
    refuseMissing(context, source);
    if (settings.onFailure !== undefined) refuseForbiddenDestination(cloud, role, settings.onFailure);
    const mappings = mappingsOf(cloud, context);
    refuseDuplicate(mappings, source.arn, target);
    const mapping = new EventSourceMapping(cloud, context, { source, start, settings, tags: checkTags(input.Tags) });
    mappings.add(mapping);
    return mapping.shown();
  },
};

/** How AWS answers for a consumer is unverified. */
function refuseMissing({ cloud, region }: RequestContext, source: EventSource): void {
  if (streamByArn(cloud, source.streamArn)?.region !== region) throw invalidParameter(`Stream not found: ${source.streamArn}`);
  if (source.consumerArn !== undefined && findConsumer(cloud, source) === undefined) {
    throw invalidParameter(`Stream consumer not found: ${source.consumerArn}`);
  }
}

/** The texts about the time stamp are unverified. */
function startingPosition(input: CreateEventSourceMappingCommandInput, now: number): StartingPosition {
  const { StartingPosition: type, StartingPositionTimestamp: time } = input;
  if (type === undefined) {
    const problem = "Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.";
    throw invalidParameter(`1 validation error detected: ${problem}`);
  }
  if (type !== 'AT_TIMESTAMP') {
    if (time !== undefined) throw invalidParameter(`StartingPositionTimestamp can only be given with StartingPosition AT_TIMESTAMP.`);
    return { type };
  }
  if (time === undefined) throw invalidParameter('StartingPositionTimestamp has to be given with StartingPosition AT_TIMESTAMP.');
  if (time.getTime() > now) throw invalidParameter('StartingPositionTimestamp cannot be in the future.');
  return { type, time: time.getTime() };
}

/** The spaces inside of the quotes are AWS's. How it names a version or an alias there is unverified. */
function refuseDuplicate(mappings: Mappings, sourceArn: string, { name, qualifier }: MappedFunction): void {
  const existing = mappings
    .all()
    .filter(({ source }) => source.arn === sourceArn)
    .find(({ settings: { target } }) => target.name === name && target.qualifier === qualifier);
  if (existing === undefined) return;
  throw conflict(
    `The event source arn (" ${sourceArn} ") and function (" ${[name, ...(qualifier ? [qualifier] : [])].join(':')} ") provided mapping already exists. ` +
      `Please update or delete the existing mapping with UUID ${existing.uuid}`,
  );
}
