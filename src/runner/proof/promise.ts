import { isDeepStrictEqual } from 'node:util';
import { AnswerOf, type ApiCall, isReadOnly } from '../../aws/api-call.ts';
import { isMapping, toJson } from '../../util/json.ts';
import type { Problem } from '../event.ts';
import type { Walk } from './ground.ts';

/**
 * Compares what each step wrote with the writes that it explains. To make the same call again is no other write, because
 * some calls are repeated until they take effect.
 */
export function brokenPromises({ steps }: Walk): readonly Problem[] {
  return [...steps].flatMap(([step, { promised, writes }]) => {
    const explained = promised.filter((call) => !isReadOnly(call));
    const unexplained = distinct(writes.filter((made) => !explained.some((call) => isSame(call, made))));
    const unmade = distinct(explained.filter((call) => !writes.some((made) => isSame(call, made))));
    return [
      ...unexplained.map((made) => ({
        message: `The step "${step}" writes ${nameOf(made)}${otherInput(made, unmade)}, which it does not explain.`,
        hint: 'What is shown to learners as AWS CLI lines has to be all that is done. Let explain list the call as it is made.',
      })),
      ...unmade
        .filter((call) => !unexplained.some((made) => nameOf(made) === nameOf(call)))
        .map((call) => ({
          message: `The step "${step}" explains ${nameOf(call)}, and does not make that call.`,
          hint: 'A learner who types what is shown does more than the program does. Take the call out of explain, or make it.',
        })),
    ];
  });
}

export function nameOf({ service, operation }: ApiCall): string {
  return `${service}:${operation}`;
}

function isSame(explained: ApiCall, made: ApiCall): boolean {
  return nameOf(explained) === nameOf(made) && fits(explained.input, made.input);
}

/** Whether a value is what was explained; what only another answer can tell is explained by where it comes from. */
function fits(explained: unknown, made: unknown): boolean {
  if (explained instanceof AnswerOf) return made !== undefined;
  if (Array.isArray(explained) && Array.isArray(made)) {
    return explained.length === made.length && explained.every((each, index) => fits(each, made[index]));
  }
  if (isPlain(explained) && isPlain(made)) {
    return [...new Set([...Object.keys(explained), ...Object.keys(made)])].every((key) => fits(explained[key], made[key]));
  }
  return isDeepStrictEqual(toJson(explained), toJson(made));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return isMapping(value) && Object.getPrototypeOf(value) === Object.prototype;
}

/** Which members of a call are not as they were explained, when the operation itself was. */
function otherInput(made: ApiCall, unmade: readonly ApiCall[]): string {
  const explained = unmade.find((call) => nameOf(call) === nameOf(made));
  if (explained === undefined) return '';
  const members = [...new Set([...Object.keys(explained.input), ...Object.keys(made.input)])];
  return ` with another ${members.filter((member) => !fits(explained.input[member], made.input[member])).join(', ')}`;
}

function distinct(calls: readonly ApiCall[]): readonly ApiCall[] {
  return calls.filter((call, index) => calls.findIndex((other) => isSame(other, call)) === index);
}
