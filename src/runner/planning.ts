import type { StepKind } from '../steps/step.ts';
import { didYouMean } from '../util/closest.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Lab, PlacedReference, StepBlock } from './lab.ts';
import { type LabDraft, parseLab } from './parse.ts';
import type { Known, Plan } from './plan.ts';
import { type PagePart, planStep, type Report } from './planned-step.ts';
import { referenceProblem } from './reference-check.ts';
import { resolveValues, type Settings } from './settings.ts';

/** Where step kinds come from; they are loaded when a lab uses them. */
export interface StepKinds {
  /** Every value that `uses:` can have. */
  readonly names: readonly string[];
  /** One of `names`. */
  load(name: string): Promise<StepKind | undefined>;
}

export interface PlanOptions extends Settings {
  readonly kinds: StepKinds;
  /** The folder that asset paths of the lab start from, absolute. It need not exist when the lab has no assets. */
  readonly assets: string;
}

export interface Planned {
  /** Absent when there is any error. */
  readonly plan: Plan | undefined;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Turns a lab into what can be run, and reports everything that stands in the way.
 * @throws {UserError} for settings that do not fit the lab.
 */
export function planLab(lab: Lab, options: PlanOptions): Promise<Planned> {
  return planDraft({ lab, unreadSteps: new Set(), frontMatterRead: true }, options);
}

/**
 * Parses and plans in one, so that a file with a broken block is still looked at as a whole.
 * @param file its name, as diagnostics are to show it.
 * @throws {UserError} for settings that do not fit the lab.
 */
export async function planText(file: string, text: string, options: PlanOptions): Promise<Planned> {
  const parsed = parseLab(file, text);
  if (parsed.draft === undefined) return { plan: undefined, diagnostics: parsed.diagnostics };
  const planned = await planDraft(parsed.draft, options);
  return {
    plan: parsed.lab === undefined ? undefined : planned.plan,
    diagnostics: inFileOrder([...parsed.diagnostics, ...planned.diagnostics]),
  };
}

async function planDraft(draft: LabDraft, options: PlanOptions): Promise<Planned> {
  const { lab } = draft;
  const diagnostics: Diagnostic[] = [];
  const report: Report = (place, { message, hint }) => {
    diagnostics.push({ severity: 'error', file: lab.file, place, message, ...(hint === undefined ? {} : { hint }) });
  };
  const settings = draft.frontMatterRead ? options : { prefix: options.prefix ?? '' };
  const values = resolveValues(lab, settings);
  const blocks = lab.sections.filter((section) => section.kind === 'step');
  const kinds = await loadKinds(blocks, options.kinds, report);
  checkReferences(draft, kinds, report);
  const layout = layOut(lab);
  const example = exampleKnown(kinds);
  const planned = await Promise.all(
    layout.parts.map(async (part) => {
      const kind = kinds.get(part.block.id);
      return kind === undefined ? undefined : planStep({ ...part, kind, values, example, assets: options.assets, report });
    }),
  );
  const failed = diagnostics.length > 0;
  return {
    plan: failed ? undefined : { lab, steps: planned.filter((step) => step !== undefined), values, closing: layout.closing },
    diagnostics: inFileOrder(diagnostics),
  };
}

/** The kind of each step, by step id; `undefined` for one that there is not. */
async function loadKinds(
  blocks: readonly StepBlock[],
  kinds: StepKinds,
  report: Report,
): Promise<ReadonlyMap<string, StepKind | undefined>> {
  const loaded = await Promise.all(blocks.map(async ({ uses }) => (kinds.names.includes(uses) ? await kinds.load(uses) : undefined)));
  for (const [index, block] of blocks.entries()) {
    if (loaded[index] !== undefined) continue;
    const hint = didYouMean(block.uses, kinds.names) ?? `There are: ${[...kinds.names].sort().join(', ')}.`;
    report(block.at(['uses']), { message: `There is no step kind "${block.uses}".`, hint });
  }
  return new Map(blocks.map((block, index) => [block.id, loaded[index]]));
}

/** So many references without anything to refer to are told of at once; what each may have meant is looked for in all names. */
const mostReferences = 200;

function checkReferences(draft: LabDraft, kinds: ReadonlyMap<string, StepKind | undefined>, report: Report): void {
  const outputs = new Map([...kinds].map(([id, kind]) => [id, kind && Object.keys(kind.outputs)]));
  const above = new Set<string>();
  let told = 0;
  const check = (references: readonly PlacedReference[]): void => {
    for (const reference of references) {
      if (told >= mostReferences) return;
      const problem = referenceProblem(reference, draft, outputs, above);
      if (problem === undefined) continue;
      told += 1;
      report(reference.place, problem);
    }
  };
  for (const section of draft.lab.sections) {
    check(section.references);
    if (section.kind === 'step') above.add(section.id);
  }
}

function layOut(lab: Lab): { readonly parts: readonly PagePart[]; readonly closing: string } {
  const parts: PagePart[] = [];
  let prose = '';
  for (const section of lab.sections) {
    if (section.kind === 'prose') {
      prose += section.source;
      continue;
    }
    if (section.kind === 'step') {
      parts.push({ block: section, output: undefined, prose, answerProse: '' });
    } else {
      const last = parts.pop();
      if (last !== undefined) parts.push({ ...last, output: section, answerProse: prose });
    }
    prose = '';
  }
  return { parts, closing: prose };
}

/** Stands in for what only a run can know. */
function exampleKnown(kinds: ReadonlyMap<string, StepKind | undefined>): Known {
  const outputs = [...kinds].map(([id, kind]) => [
    id,
    Object.fromEntries(Object.entries(kind?.outputs ?? {}).map(([name, output]) => [name, output.example])),
  ]);
  return { outputs: Object.fromEntries(outputs), nonce: 'k3f9z2', started: '2026-01-31T12:00:00.000Z' };
}

function inFileOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}
