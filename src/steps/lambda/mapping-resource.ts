import { AnswerOf, type ApiCall, apiCall } from '../../aws/api-call.ts';
import { allFound, type Query, queryText } from '../../aws/query.ts';
import type { Removal } from '../removal.ts';
import { defineResource } from '../resource.ts';

// Removal takes up to 90 seconds, as updates do (Lambda Developer Guide, "Polling and stream starting positions").
const goneTimeoutMs = 180_000;

const marked = { request: 'Marker', answer: 'NextMarker' } as const;

/** By the stream alone, because a mapping outlives its function, and a function that is gone cannot be asked for. */
export const mappingResource = defineResource({
  type: 'lambda:event-source-mapping',
  noun: 'event-source mapping',
  all: {
    call: apiCall('lambda', 'ListEventSourceMappings', {}),
    query: "EventSourceMappings[?EventSourceArn && State != 'Deleting'].join(' ', [split(FunctionArn, ':')[6], EventSourceArn])",
    pages: marked,
  },
  tags: (id) => ({
    call: apiCall('lambda', 'ListTags', { Resource: new AnswerOf(listMappingsTo(id), `${mappingsIn(id)}.EventSourceMappingArn | [0]`) }),
    query: 'Tags',
  }),
  needs(id) {
    const [name = '', stream = ''] = id.split(' ');
    return [
      { type: 'lambda:function', id: name },
      { type: 'kinesis:stream', id: stream.slice(stream.lastIndexOf('/') + 1) },
    ];
  },
  exists: async (id, { aws }) => (await allFound(aws, mappingsOf(id, " && State != 'Deleting'"))).length > 0,
  removal,
});

/** @param id the name of the function and the ARN of the stream */
function removal(id: string): Removal {
  return {
    // A mapping that is being created or changed can be deleted when that is done.
    calls: [{ each: mappingsOf(id, " && State != 'Deleting'"), call: (UUID) => apiCall('lambda', 'DeleteEventSourceMapping', { UUID }) }],
    left: mappingsOf(id),
    timeoutMs: goneTimeoutMs,
  };
}

/** The UUIDs of the mappings of a function to a stream; `condition` is added to the JMESPath filter. */
function mappingsOf(id: string, condition = ''): Query {
  return { call: listMappingsTo(id), query: `${mappingsIn(id, condition)}.UUID`, pages: marked };
}

function listMappingsTo(id: string): ApiCall {
  const [, stream = ''] = id.split(' ');
  return apiCall('lambda', 'ListEventSourceMappings', { EventSourceArn: stream });
}

/** The JMESPath to the mappings of a function among those to its stream. */
function mappingsIn(id: string, condition = ''): string {
  const [name = ''] = id.split(' ');
  return `EventSourceMappings[?ends_with(FunctionArn, ${queryText(`:function:${name}`)})${condition}]`;
}
