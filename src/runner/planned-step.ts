import type { Step, StepKind } from '../steps/step.ts';
import { isMapping } from '../util/json.ts';
import { UserError } from '../util/user-error.ts';
import { type AssetInput, assetInputs, findAsset } from './asset.ts';
import type { Place } from './diagnostic.ts';
import { type InputProblem, inputProblems } from './input-problem.ts';
import { schemaAt } from './input-schema.ts';
import type { OutputBlock, Path, StepBlock } from './lab.ts';
import type { Known, PlannedStep, PlanValues } from './plan.ts';
import { fillData, lookupIn, referenceText } from './reference.ts';
import { type StepAsset, stepContent } from './step-content.ts';

/** Reports an error of the lab file at its place. */
export type Report = (place: Place, problem: { readonly message: string; readonly hint?: string }) => void;

/** What belongs to one step of the page. */
export type PagePart = Pick<PlannedStep, 'block' | 'output' | 'prose' | 'answerProse'>;

export interface StepPlanning extends PagePart {
  readonly kind: StepKind;
  readonly values: PlanValues;
  /** Stands in for what only a run can know. */
  readonly example: Known;
  readonly assets: string;
  readonly report: Report;
}

/** Plans one step: looks its assets up, and tries its inputs with an example of every output that they refer to. */
export async function planStep(planning: StepPlanning): Promise<PlannedStep> {
  const { block, kind, output, values, example, report } = planning;
  const assets = await findAssets(planning);
  const inputFrom = (known: Known): unknown => withAssets(fillData(block.with, lookupIn(values, known)), assets);
  const problems = problemsWith(block, kind, inputFrom(example));
  for (const problem of problems) {
    const told = isUnresolved(planning, problem.path) || assets.failed.some((failed) => isBelow(failed, problem.path));
    if (!told) report(placeOf(block, problem), problem);
  }
  checkScripts(planning);
  const tried = problems.length === 0 ? kind.bind(inputFrom(example)) : undefined;
  const filled = assets.failed.length === 0 && !isUnresolved(planning, []);
  if (tried !== undefined && filled) await reportFlaws(planning, tried);
  if (tried !== undefined && output !== undefined) checkOutput(planning, tried, output);
  return {
    block,
    kind,
    output,
    prose: planning.prose,
    answerProse: planning.answerProse,
    // No example of an output is part of it.
    script: tried?.script(),
    bind: (known) => bindStep(block, kind, values, known, inputFrom(known)),
    expected: (known) => output && fillData(output.expected, lookupIn(values, known)),
    content: () => stepContent(block, values, assets.found),
  };
}

function bindStep(block: StepBlock, kind: StepKind, values: PlanValues, known: Known, input: unknown): Step {
  const lookup = lookupIn(values, known);
  for (const { reference, path } of block.references) {
    if (path[0] !== 'with' || lookup(reference) !== undefined) continue;
    const why = reference.kind === 'output' ? `the step "${reference.step}" has not given it` : 'it has no value';
    throw new UserError(`The step "${block.id}" needs ${referenceText(reference)}, and ${why}.`, {
      hint: reference.kind === 'output' ? `Do the step "${reference.step}" first.` : 'Give it a value.',
    });
  }
  const [problem] = problemsWith(block, kind, input);
  if (problem === undefined) return kind.bind(input);
  throw new UserError(
    `The step "${block.id}" cannot be done: ${problem.message}`,
    problem.hint === undefined ? {} : { hint: problem.hint },
  );
}

function problemsWith(block: StepBlock, kind: StepKind, input: unknown): readonly InputProblem[] {
  const parsed = kind.input.safeParse(input);
  if (parsed.success) return [];
  return inputProblems({ uses: block.uses, schema: kind.input, input }, parsed.error.issues).map((problem) => {
    const from = block.references.filter((reference) => problem.about === 'value' && isSame(reference.path.slice(1), problem.path));
    if (from.length === 0) return problem;
    return {
      ...problem,
      message: `${problem.message} It comes from ${from.map(({ reference }) => referenceText(reference)).join(' and ')}.`,
    };
  });
}

/** Whether a problem may come from a reference that has been reported already. */
function isUnresolved({ block, values, example }: StepPlanning, path: Path): boolean {
  const lookup = lookupIn(values, example);
  return block.references.some(
    (placed) => lookup(placed.reference) === undefined && (isBelow(placed.path.slice(1), path) || isBelow(path, placed.path.slice(1))),
  );
}

function placeOf(block: StepBlock, { path, about }: InputProblem): Place {
  if (about === 'key') return block.keyAt(['with', ...path]);
  if (about === 'value') return block.at(['with', ...path]);
  return Object.keys(block.with).length === 0 ? block.at(['uses']) : block.at(['with', ...path.slice(0, -1)]);
}

/** Inputs that only a run can know are examples here, and what is wrong with those says nothing. */
async function reportFlaws({ block, report }: StepPlanning, step: Step): Promise<void> {
  const late = block.references.filter(({ reference }) => reference.kind === 'output' || reference.kind === 'learner');
  for (const { path, about = 'value', ...flaw } of await step.flaws()) {
    if (late.some((reference) => isBelow(path, reference.path.slice(1)))) continue;
    report(placeOf(block, { path, about, ...flaw }), flaw);
  }
}

/** What only a run can know may come from anybody who writes to AWS, and would be run if it were part of a script. */
function checkScripts({ block, kind, report }: StepPlanning): void {
  for (const { reference, path, place } of block.references) {
    const written = reference.kind === 'var' || reference.kind === 'name';
    if (written || path[0] !== 'with' || schemaAt(kind.input, path.slice(1))?.meta['script'] !== true) continue;
    report(place, {
      message: `A command cannot hold ${referenceText(reference)}: whatever that stands for would be run.`,
      hint: 'Give it as a variable below `environment:`, and write "$NAME" in the command.',
    });
  }
}

function checkOutput({ block, report }: StepPlanning, step: Step, output: OutputBlock): void {
  if (step.shows() !== undefined) return;
  report(output.place, {
    message: `The step "${block.id}" (${block.uses}) shows no answer that this output block could be compared with.`,
    hint: 'For JSON that is only shown, write ```json.',
  });
}

interface Assets {
  readonly found: readonly StepAsset[];
  /** Inputs with a problem that has been reported. */
  readonly failed: readonly Path[];
}

async function findAssets(planning: StepPlanning): Promise<Assets> {
  const { block, kind, values, example } = planning;
  const found: StepAsset[] = [];
  const failed: Path[] = [];
  for (const input of assetInputs(kind.input, fillData(block.with, lookupIn(values, example)))) {
    if (isUnresolved(planning, input.path)) continue;
    const absolute = await findOne(planning, input);
    if (absolute === undefined) failed.push(input.path);
    else found.push({ path: input.path, type: input.type, absolute });
  }
  return { found, failed };
}

async function findOne({ block, assets, report }: StepPlanning, input: AssetInput): Promise<string | undefined> {
  const place = placeOf(block, { path: input.path, about: 'value', message: '' });
  const late = block.references.find(
    ({ reference, path }) => isSame(path.slice(1), input.path) && (reference.kind === 'output' || reference.kind === 'learner'),
  );
  if (late !== undefined) {
    report(late.place, {
      message: `A path of an asset cannot depend on ${referenceText(late.reference)}.`,
      hint: 'It is looked up before the lab is run.',
    });
    return undefined;
  }
  const result = await findAsset(assets, input);
  if ('absolute' in result) return result.absolute;
  report(place, result);
  return undefined;
}

function withAssets(input: unknown, { found }: Assets): unknown {
  return found.reduce((data, { path, absolute }) => replaced(data, path, absolute), input);
}

/** A copy of plain data with one value put in its place. */
function replaced(data: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(data)) return data.map((element, index) => (index === key ? replaced(element, rest, value) : element));
  const mapping = isMapping(data) ? data : {};
  return { ...mapping, [key]: replaced(mapping[key], rest, value) };
}

function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && isBelow(a, b);
}

/** Whether `path` is `parent` or lies below it. */
function isBelow(parent: Path, path: Path): boolean {
  return parent.length <= path.length && parent.every((key, index) => key === path[index]);
}
