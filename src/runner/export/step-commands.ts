import { isDeepStrictEqual } from 'node:util';
import { type ApiCall, isReadOnly } from '../../aws/api-call.ts';
import type { ResourceKind, ResourceRef } from '../../steps/resource.ts';
import type { Awaited, Instead } from '../../steps/step.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { UserError } from '../../util/user-error.ts';
import { resourceKind } from '../claim.ts';
import type { Reference } from '../lab.ts';
import type { Plan, PlannedStep } from '../plan.ts';
import type { ShellVariables } from './variables.ts';

/** One call of a step, and the parts of its answer that go into shell variables. */
export interface Command {
  readonly call: ApiCall;
  readonly captures: readonly Capture[];
}

interface Capture {
  readonly variable: string;
  readonly query: string;
  /** Takes the value out of the text that the query finds. */
  readonly pattern?: string;
}

/** What a step does, in the order in which somebody who has only a shell does it. */
export interface StepCommands {
  readonly planned: PlannedStep;
  /** How messages begin. */
  readonly who: string;
  /** The calls up to the last one that writes, and what is waited for after them. */
  readonly doing: readonly (Command | Awaited)[];
  /** Set when all of that is done again, after so many milliseconds, while its last wait is in vain. */
  readonly againAfterMs: readonly number[] | undefined;
  /** What is looked at in the end. */
  readonly reads: readonly Command[];
  readonly instead: Instead | undefined;
  readonly owns: readonly OwnedResource[];
}

export interface OwnedResource {
  readonly ref: ResourceRef;
  readonly kind: ResourceKind;
}

/**
 * The commands of every step. Outputs are captured where one of `references` is to them.
 * @throws {UserError} for a step that cannot be written as AWS CLI lines.
 */
export function commandsOf(plan: Plan, variables: ShellVariables, references: readonly Reference[]): readonly StepCommands[] {
  return plan.steps.map((planned) => stepCommands(planned, variables, references));
}

function stepCommands(planned: PlannedStep, variables: ShellVariables, references: readonly Reference[]): StepCommands {
  const { id, uses } = planned.block;
  const who = `The step "${id}" (${uses})`;
  const step = bound(planned, variables, who);
  const calls = step.explain();
  const instead = step.instead();
  if (calls.length === 0 && instead === undefined) {
    throw new UserError(`${who} cannot be written as AWS CLI lines: it makes no API call.`, { exitCode: ExitCode.usage });
  }
  const wanted = Object.entries(step.outputs).filter(([output]) =>
    references.some((reference) => reference.kind === 'output' && reference.step === id && reference.output === output),
  );
  const capturesOf = (call: ApiCall): Capture[] =>
    wanted
      .filter(([, source]) => isSameCall(source.call, call))
      .map(([output, source]) => ({ variable: variables.nameOf(id, output), query: source.query, ...source.inText }));
  const missing = distinct(wanted.map(([, source]) => source.call).filter((call) => !calls.some((each) => isSameCall(each, call))));
  const unmade = missing.find((call) => !isReadOnly(call));
  if (unmade !== undefined) throw new Error(`${who} takes an output from ${unmade.operation}, which it does not explain.`);
  const lastWrite = calls.findLastIndex((call) => !isReadOnly(call));
  const command = (call: ApiCall): Command => ({ call, captures: capturesOf(call) });
  const awaits = step.awaits();
  const writes = calls.slice(0, lastWrite + 1);
  const doing = [
    ...writes.flatMap((call) => [command(call), ...awaits.filter(({ after }) => after === call.operation)]),
    ...awaits.filter(({ after }) => !writes.some(({ operation }) => operation === after)),
  ];
  const again = awaits.at(-1)?.withinMs ?? [];
  return {
    planned,
    who,
    doing,
    againAfterMs: again.length > 1 ? again : undefined,
    reads: [...calls.slice(lastWrite + 1), ...missing].map(command),
    instead,
    owns: step.owns().map((ref) => ({ ref, kind: resourceKind(planned, ref) })),
  };
}

function bound(planned: PlannedStep, variables: ShellVariables, who: string) {
  try {
    return planned.bind(variables.known);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${who} cannot be written as AWS CLI lines: it wants more of a value than that it is text.`, { cause: error });
  }
}

function isSameCall(one: ApiCall, other: ApiCall): boolean {
  return one.service === other.service && one.operation === other.operation && isDeepStrictEqual(one.input, other.input);
}

function distinct(calls: readonly ApiCall[]): readonly ApiCall[] {
  return calls.filter((call, index) => calls.findIndex((each) => isSameCall(each, call)) === index);
}
