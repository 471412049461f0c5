import { bounded, type Json, jsonText, toJson } from '../../util/json.ts';
import { unreachable } from '../../util/unreachable.ts';
import type { Problem } from '../event.ts';
import type { MutationResult, ProofEvent, ProofReporter, ProofResult, StageResult, StepProof } from '../proof/proof.ts';
import { jsonFormat, problemMember } from './json.ts';
import type { ProofRecord } from './proof-record.ts';

/**
 * The events of a proof as JSON lines: one object per line, with `type` and `at` (ISO 8601). Beside that:
 *
 * - `proof-started`: `format`, `lab` { id, title, file, steps: [ids] }
 * - `stage-ended`: `stage`, `outcome` (held, failed, skipped), `problems` [{ message, hint? }], `durationMs`
 * - `mutations-started`: `count`
 * - `mutation-ended`: `step`, `name`, `when` (afterwards, instead), `outcome` (noticed, unnoticed, excused, untried),
 *   `noticedBy` [{ step, facts }], `durationMs`, `problem`?
 * - `proof-ended`: `outcome` (proved, not-proved, interrupted), `steps` [{ step, outcome (can-fail, cannot-fail, unknown, exempt),
 *   neverRed, problem? }], `durationMs`
 */
export function proofJsonLines(write: (text: string) => void): ProofReporter {
  return (event) => write(`${jsonText({ type: event.type, at: new Date(event.at).toISOString(), ...membersOf(event) })}\n`);
}

/** Proofs as one JSON document: `{ format, proofs: [{ lab, startedAt, outcome, stages, mutations, steps, durationMs, problem? }] }`. */
export function proofJsonDocument(proofs: readonly ProofRecord[]): string {
  const shaped = proofs.map(({ lab, startedAt, result, problem }) => ({
    lab,
    startedAt: new Date(startedAt).toISOString(),
    ...(result ? { ...endMembers(result), stages: result.stages.map(stageShape), mutations: result.mutations.map(mutationShape) } : {}),
    ...problemMember(problem),
  }));
  return `${jsonText({ format: jsonFormat, proofs: shaped }, 2)}\n`;
}

function membersOf(event: ProofEvent): Readonly<Record<string, Json>> {
  switch (event.type) {
    case 'proof-started': {
      const { id, title, file } = event.plan.lab;
      return { format: jsonFormat, lab: { id, title, file, steps: event.plan.steps.map(({ block }) => block.id) } };
    }
    case 'stage-ended':
      return stageShape(event.stage);
    case 'mutations-started':
      return { count: event.count };
    case 'mutation-ended':
      return mutationShape(event.mutation);
    case 'proof-ended':
      return endMembers(event.result);
    default:
      return unreachable(event);
  }
}

function stageShape({ stage, outcome, problems, durationMs }: StageResult): Readonly<Record<string, Json>> {
  return { stage, outcome, problems: problems.map(problemShape), durationMs };
}

function mutationShape({ problem, noticedBy, ...mutation }: MutationResult): Readonly<Record<string, Json>> {
  return { ...mutation, noticedBy: bounded(toJson(noticedBy)), ...problemMember(problem) };
}

function endMembers({ outcome, steps, durationMs }: ProofResult): Readonly<Record<string, Json>> {
  return { outcome, steps: steps.map(stepShape), durationMs };
}

function stepShape({ problem, neverRed, ...step }: StepProof): Json {
  return { ...step, neverRed, ...problemMember(problem) };
}

function problemShape(problem: Problem): Json {
  return problemMember(problem)['problem'] ?? null;
}
