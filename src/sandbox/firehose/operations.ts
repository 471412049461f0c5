import type { Operations } from '../operation.ts';

/** The operations of the service by name. */
export const operations: Operations<'firehose'> = {};
