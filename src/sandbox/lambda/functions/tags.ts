import { AwsError } from '../../error.ts';
import { invalidParameter } from '../error.ts';

const mostTags = 50;

/** @throws {AwsError} for too many or malformed tags (Lambda Developer Guide, "Tag requirements"); the texts are unverified. */
export function checkTags(
  tags: Readonly<Record<string, string>> | undefined,
  existing: ReadonlyMap<string, string> = new Map(),
): Readonly<Record<string, string>> {
  const wanted = tags ?? {};
  for (const [key, value] of Object.entries(wanted)) {
    if (key === '' || key.length > 128 || value.length > 256) throw invalidParameter(`The tag '${key}' is too long or empty.`);
    if (/^aws:/i.test(key)) throw invalidParameter('The tag keys must not begin with aws:.');
  }
  if (new Set([...existing.keys(), ...Object.keys(wanted)]).size > mostTags) {
    throw new AwsError('InvalidParameterValueException', 'Number of tags exceeds resource tag limit.');
  }
  return wanted;
}
