/** A member of a request that breaks a constraint of the service model, as Kinesis reports it: its path, its value, the rule. */
type Violation = readonly [path: string, value: string | null, rule: string];

/** What Kinesis answers to a request whose members break constraints, in its order. */
export function invalid(...violations: readonly Violation[]) {
  const texts = violations.map(([path, value, rule]) => {
    const shown = value === null ? 'null' : `'${value}'`;
    return `Value ${shown} at '${path}' failed to satisfy constraint: ${rule}`;
  });
  const count = `${texts.length} validation error${texts.length === 1 ? '' : 's'} detected: `;
  return { name: 'ValidationException', message: count + texts.join('; ') };
}

export const notNull = 'Member must not be null';
export const atLeast = (number: number) => `Member must have value greater than or equal to ${number}`;
export const atMost = (number: number) => `Member must have value less than or equal to ${number}`;
export const noShorter = (length: number) => `Member must have length greater than or equal to ${length}`;
export const noLonger = (length: number) => `Member must have length less than or equal to ${length}`;
export const like = (pattern: string) => `Member must satisfy regular expression pattern: ${pattern}`;
export const each = (...rules: readonly string[]) => `Member must satisfy constraint: [${rules.join(', ')}]`;
export const mapKeys = (...rules: readonly string[]) => `Map keys must satisfy constraint: [${rules.join(', ')}]`;
export const mapValues = (...rules: readonly string[]) => `Map value must satisfy constraint: [${rules.join(', ')}]`;
export const oneOf = (...values: readonly string[]) => `Member must satisfy enum value set: [${values.join(', ')}]`;

export const hashKey = String.raw`0|([1-9]\d{0,38})`;
export const sequenceNumber = String.raw`0|([1-9]\d{0,128})`;
export const streamArn = String.raw`arn:aws.*:kinesis:.*:\d{12}:stream/\S+`;
export const name = '[a-zA-Z0-9_.-]+';

/** What is wrong with an empty name of a stream, a shard or a consumer. */
export function emptyName(path: string): readonly [Violation, Violation] {
  return [
    [path, '', like(name)],
    [path, '', noShorter(1)],
  ];
}

export const resourceArn = String.raw`arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+`;

export const consumerArn = String.raw`^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+`;
