import { type MutationResult, type StageResult, type StepProof, stageTitles } from '../proof/proof.ts';
import { problemText } from './junit.ts';
import { type Case, junitXml, type Suite } from './junit-xml.ts';
import type { ProofRecord } from './proof-record.ts';

/**
 * Proofs as JUnit XML: a test suite per lab; a test case per stage, per mutation, and per step, which has to be able to
 * fail. What ended a proof early is a case of its own.
 */
export function proofJunit(proofs: readonly ProofRecord[]): string {
  return junitXml(proofs.map(suiteOf));
}

function suiteOf(proof: ProofRecord): Suite {
  const { lab, result, problem, startedAt } = proof;
  const ended: Case[] = problem === undefined ? [] : [{ ...caseOf('proof', 0, undefined, proof), ...failing('error', [problem]) }];
  return {
    name: `${lab.id} ${lab.title}`.trim(),
    startedAt,
    seconds: (result?.durationMs ?? 0) / 1000,
    cases: [
      ...(result?.stages ?? []).map((stage) => stageCase(stage, proof)),
      ...(result?.mutations ?? []).map((mutation) => mutationCase(mutation, proof)),
      ...(result?.steps ?? []).map((step) => stepCase(step, proof)),
      ...ended,
    ],
  };
}

function stageCase({ stage, outcome, problems, durationMs }: StageResult, proof: ProofRecord): Case {
  const plain = caseOf(`proof: ${stageTitles[stage]}`, durationMs, undefined, proof);
  if (outcome === 'skipped') return { ...plain, ...skipped('what comes before it did not hold') };
  return outcome === 'held' ? plain : { ...plain, ...failing('failure', problems) };
}

function mutationCase({ name, step, outcome, problem, durationMs }: MutationResult, proof: ProofRecord): Case {
  const plain = caseOf(`mutation: ${name} (${step})`, durationMs, step, proof);
  if (outcome === 'noticed') return plain;
  if (outcome === 'excused') return { ...plain, ...skipped(problem?.message ?? 'nobody has to notice') };
  return { ...plain, ...failing(outcome === 'unnoticed' ? 'failure' : 'error', problem === undefined ? [] : [problem]) };
}

function stepCase({ step, outcome, problem }: StepProof, proof: ProofRecord): Case {
  const plain = caseOf(`check: ${step} can fail`, 0, step, proof);
  if (outcome === 'can-fail') return plain;
  if (outcome === 'unknown') return { ...plain, ...skipped('not all mutations could be tried') };
  if (outcome === 'exempt') return { ...plain, ...skipped(problem?.message ?? 'exempt') };
  return { ...plain, ...failing('failure', problem === undefined ? [] : [problem]) };
}

function caseOf(name: string, durationMs: number, step: string | undefined, { lab, lines }: ProofRecord): Case {
  const line = (step === undefined ? undefined : lines[step]) ?? 1;
  return { name, suite: `kinesis-labs.${lab.id}.proof`, file: lab.file, line, seconds: durationMs / 1000 };
}

function failing(kind: 'failure' | 'error', problems: StageResult['problems']): Required<Pick<Case, 'ending'>> {
  const message = problems.map((problem) => problem.message).join('; ');
  return { ending: { kind, message, text: problems.map(problemText).join('\n') } };
}

function skipped(message: string): Required<Pick<Case, 'ending'>> {
  return { ending: { kind: 'skipped', message } };
}
