import { AwsError } from '../error.ts';
import { invalidParameter } from './errors.ts';
import type { MessageAttributes } from './message.ts';

const mostAttributes = 10;

/** #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF: unpaired surrogates and most control characters are out. */
export const allowedText = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

export const invalidCharacters =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

/**
 * Checks the attributes that a sender gives to a message. All texts but the one for an empty value are unverified.
 * @throws {AwsError} InvalidParameterValueException, UnsupportedOperation
 */
export function checkMessageAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > mostAttributes) {
    throw invalidParameter(`Number of message attributes [${entries.length}] exceeds the allowed maximum [${mostAttributes}].`);
  }
  for (const [name, attribute] of entries) {
    checkName(name);
    if (attribute.StringListValues?.length || attribute.BinaryListValues?.length) {
      throw new AwsError('UnsupportedOperation', 'Message attribute list values in SendMessage operation are not supported.');
    }
    checkValue(name, attribute.DataType ?? '', attribute.StringValue, attribute.BinaryValue);
  }
}

function checkName(name: string): void {
  // Letters of any script (as a test has it that passes on AWS).
  if (!/^[\p{L}\p{N}_.-]{1,256}$/u.test(name) || /^\.|\.$|\.\.|^(aws|amazon)\./i.test(name)) {
    throw invalidParameter(
      `Message (user) attribute name '${name}' is invalid. It can contain alphanumeric characters, hyphens, underscores and periods, ` +
        "must not start or end with a period, have periods in succession, or begin with 'AWS.' or 'Amazon.', and is 1 to 256 in length.",
    );
  }
}

function checkValue(name: string, type: string, text: string | undefined, bytes: Uint8Array | undefined): void {
  const [kind] = /^(String|Number|Binary)(?=\.|$)/.exec(type) ?? [];
  if (type === '') throw invalidParameter(`The message (user) attribute '${name}' must contain a non-empty message attribute type.`);
  if (kind === undefined || type.length > 256) {
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  const value = kind === 'Binary' ? bytes : text;
  if (value === undefined || value.length === 0) {
    const wanted = kind === 'Number' ? 'String' : kind;
    throw invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${wanted}'.`);
  }
  if (text !== undefined && !allowedText.test(text)) throw invalidParameter(`${invalidCharacters} Message (user) attribute '${name}'.`);
  if (kind === 'Number' && Number.isNaN(Number(text))) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

/** Bytes of names, types and values, which count against the size of a message. */
export function attributesSize(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce((size, [name, { DataType = '', StringValue = '', BinaryValue }]) => {
    const value = BinaryValue?.byteLength ?? Buffer.byteLength(StringValue);
    return size + Buffer.byteLength(name) + Buffer.byteLength(DataType) + value;
  }, 0);
}

/**
 * The attributes that a receiver asks for: `All`, `*` or `.*`, names, or `prefix.*` (recorded).
 * @param names none of them when absent
 */
export function chosenAttributes(attributes: MessageAttributes, names: readonly string[] = []): MessageAttributes {
  const chosen = (name: string) =>
    names.some(
      (wanted) => wanted === 'All' || wanted === '*' || wanted === name || (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => chosen(name)));
}
