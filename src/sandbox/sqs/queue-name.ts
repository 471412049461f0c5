import { invalidParameter, unknownAttribute } from './errors.ts';

/**
 * Checks the name of a new queue, which for a FIFO queue ends with `.fifo`.
 * @throws {AwsError} InvalidParameterValueException, InvalidAttributeName
 */
export function checkNewQueue(name: string, attributes: Readonly<Record<string, string>>): void {
  if (attributes['FifoQueue']?.toLowerCase() === 'true') {
    if (/^[\w-]{1,75}\.fifo$/.test(name)) return;
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
  checkQueueName(name);
  for (const attribute of ['FifoQueue', 'ContentBasedDeduplication']) {
    if (attributes[attribute] !== undefined) throw unknownAttribute(attribute);
  }
}

/** @throws {AwsError} InvalidParameterValueException */
export function checkQueueName(name: string): void {
  if (!/^[\w-]{1,80}$/.test(name)) {
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
}
