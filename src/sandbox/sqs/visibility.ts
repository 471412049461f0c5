import { invalidValue } from './errors.ts';

/** @throws {AwsError} InvalidParameterValueException for what is not 0 to 43200 seconds; its text is unverified */
export function checkVisibility(seconds: number): void {
  if (seconds < 0 || seconds > 43_200) throw invalidValue(seconds, 'VisibilityTimeout', 'Must be >= 0 and <= 43200, if provided.');
}
