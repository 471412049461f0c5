import type { ApiCall } from '../../aws/api-call.ts';
import { bounded, type Json, jsonText, toJson } from '../../util/json.ts';
import { redacted } from '../../util/redact.ts';
import { unreachable } from '../../util/unreachable.ts';
import type { Problem, Reporter, Resumed, RunEvent, RunResult } from '../event.ts';
import type { PlannedStep } from '../plan.ts';
import type { RunRecord } from './run-record.ts';

/** The version of both formats below. It grows when a member changes its meaning or goes away, not when one is added. */
export const jsonFormat = 1;

/**
 * Events as JSON lines, for programs: one object per line. Each has `type`, the event's type, and `at`, its time in ISO
 * 8601. Beside that:
 *
 * - `run-started`: `format`, `lab` { id, title, file, steps: [ids] }, `run`, `mode`, `nonce`, `target`, `region`, `account`, `lasting`, `resumed`,
 *   and when it is: `progress` { done, of, points { earned, possible } }, `changes`: [{ change (changed, new, removed, reordered), step?, alive? }],
 *   `prefix`, `set`
 * - `step-started`: `step`, `index` (from 0), `heading`, `uses`, `calls`: [{ service, operation, input }],
 *   `question`? { text, options?, explanation? }, `script`?, `asked` (false when it is taken up without questions)
 * - `step-vanished`: `step`, `gone`: [{ type, id }]
 * - `step-applying`: `step`
 * - `step-failed`: `step`, `problem` { message, hint? }
 * - `hint-shown`: `step`, `hint`
 * - `call-answered`: `call` { service, operation, input }, `durationMs`, `error`?, `requestId`?
 * - `waiting`: `what`; `waited`: `what`, `durationMs`
 * - `answer-shown`: `step`, `call`, `answer`
 * - `findings`: `step`, `findings`: [{ fact, expected, observed, ok, hint?, absent? }]
 * - `command-ended`: `step`, `exitCode`?, `late` (stopped because its time was over), `durationMs`, `output`
 * - `explained`: `step`, `explanation` (Markdown)
 * - `step-ended`: `step`, `outcome` (met, not-met, skipped, unchecked, left-out), `durationMs`, `problem`?,
 *   `taken`? (found, trusted, redone, jumped)
 * - `teardown-started`: `count`, `step`? (when only what that one owns is removed)
 * - `resource-removed`: `resource` { type, id }
 * - `resource-kept`: `resource`, `why`, `hint?`, `intended` (whether it stays because that was asked for)
 * - `resource-spared`: `resource`, `why`: it is somebody else's, and left alone
 * - `run-ended`: `outcome` (met, not-met, could-not-run, interrupted, quit), `met`, `points` { earned, possible },
 *   `steps`: [{ id, outcome, problem? }], `left`: [{ type, id, why }], `durationMs`, `problem`?
 *
 * An event that would have more than about a million characters, such as a very large answer, is cut; what was cut ends with `…`.
 */
export function jsonLines(write: (text: string) => void): Reporter {
  return (event) => write(`${jsonText({ type: event.type, at: iso(event.at), ...bounded(membersOf(event)) })}\n`);
}

/**
 * Runs as one JSON document: `{ format, runs: [...] }`. Each run has `lab`, `run`, `mode`, `target`, `region`, `account`,
 * `startedAt`, `steps` [{ id, heading, uses, line, points, outcome (`not-reached` too), durationMs, findings, problem? }],
 * and, when it came to its end, `outcome`, `met`, `points`, `left`, `durationMs`.
 */
export function jsonDocument(runs: readonly RunRecord[]): string {
  const shaped = runs.map(({ result, problem, startedAt, steps, ...run }) => ({
    ...run,
    startedAt: iso(startedAt),
    steps: steps.map(({ problem: stepProblem, findings, ...step }) => ({
      ...step,
      findings: bounded(toJson(findings)),
      ...problemMember(stepProblem),
    })),
    ...(result ? endMembers(result) : problemMember(problem)),
  }));
  return `${jsonText({ format: jsonFormat, runs: shaped }, 2)}\n`;
}

function membersOf(event: RunEvent): Readonly<Record<string, Json>> {
  switch (event.type) {
    case 'run-started': {
      const { plan, mode, runId: run, nonce, target, region, account, lasting, resumed } = event;
      const { id, title, file } = plan.lab;
      const lab = { id, title, file, steps: plan.steps.map((step) => step.block.id) };
      return {
        format: jsonFormat,
        lab,
        run,
        mode,
        nonce,
        target,
        region,
        account,
        lasting,
        resumed: resumed !== undefined,
        ...resumedMembers(resumed),
      };
    }
    case 'step-started': {
      const { heading, uses } = event.step.block;
      const more = {
        ...(event.question === undefined ? {} : { question: toJson(event.question) }),
        ...(event.script === undefined ? {} : { script: event.script }),
      };
      return { step: idOf(event.step), index: event.index, heading, uses, calls: event.calls.map(callShape), asked: event.asked, ...more };
    }
    case 'step-vanished':
      return { step: idOf(event.step), gone: event.gone.map(({ ref }) => toJson(ref)) };
    case 'step-applying':
      return { step: idOf(event.step) };
    case 'step-failed':
      return { step: idOf(event.step), ...problemMember(event.problem) };
    case 'hint-shown':
      return { step: idOf(event.step), hint: event.hint };
    case 'call-answered': {
      const { durationMs, error, requestId } = event;
      return {
        call: callShape(event.call),
        durationMs,
        ...(error === undefined ? {} : { error }),
        ...(requestId === undefined ? {} : { requestId }),
      };
    }
    case 'waiting':
      return { what: event.what };
    case 'waited':
      return { what: event.what, durationMs: event.durationMs };
    case 'answer-shown':
      return { step: idOf(event.step), call: callShape(event.call), answer: toJson(event.answer) };
    case 'findings':
      return { step: idOf(event.step), findings: toJson(event.findings) };
    case 'command-ended':
      return { step: idOf(event.step), ...event.result };
    case 'explained':
      return { step: idOf(event.step), explanation: event.explanation };
    case 'step-ended':
      return {
        step: idOf(event.step),
        outcome: event.outcome,
        durationMs: event.durationMs,
        ...problemMember(event.problem),
        ...(event.taken === undefined ? {} : { taken: event.taken }),
      };
    case 'teardown-started':
      return { count: event.count, ...(event.step === undefined ? {} : { step: idOf(event.step) }) };
    case 'resource-removed':
      return { resource: toJson(event.ref) };
    case 'resource-kept':
      return { resource: toJson(event.ref), why: event.why, ...hintMember(event.hint), intended: event.intended };
    case 'resource-spared':
      return { resource: toJson(event.ref), why: event.why };
    case 'run-ended':
      return {
        ...endMembers(event.result),
        steps: event.result.steps.map((step) => ({ id: step.id, outcome: step.outcome, ...problemMember(step.problem) })),
      };
    default:
      return unreachable(event);
  }
}

function resumedMembers(resumed: Resumed | undefined): Readonly<Record<string, Json>> {
  if (resumed === undefined) return {};
  const { progress, changes, prefix, set } = resumed;
  return { progress: toJson(progress), changes: toJson(changes), prefix, set };
}

function endMembers({ outcome, met, points, left, durationMs, problem }: RunResult): Readonly<Record<string, Json>> {
  return {
    outcome,
    met,
    points: toJson(points),
    left: left.map(({ ref, why, hint }) => ({ type: ref.type, id: ref.id, why, ...hintMember(hint) })),
    durationMs,
    ...problemMember(problem),
  };
}

function idOf(step: PlannedStep): string {
  return step.block.id;
}

function callShape({ service, operation, input }: ApiCall): Json {
  return { service, operation, input: redacted(toJson(input)) };
}

/** Without what was thrown: a stack trace is for the terminal of whoever repairs it. */
export function problemMember(problem: Problem | undefined): Readonly<Record<string, Json>> {
  if (problem === undefined) return {};
  const { message, hint } = problem;
  return { problem: bounded({ message, ...hintMember(hint) }) };
}

function hintMember(hint: string | undefined): { readonly hint?: string } {
  return hint === undefined ? {} : { hint };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
