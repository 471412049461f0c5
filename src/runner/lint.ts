import type { Diagnostic, Place } from './diagnostic.ts';
import { findFrontMatter } from './front-matter.ts';
import type { Lab, PlacedReference } from './lab.ts';
import type { Plan } from './plan.ts';
import { type PlanOptions, planText } from './planning.ts';
import { SourceText } from './source-text.ts';
import { readYamlMapping } from './yaml-data.ts';

/**
 * Everything that is wrong with a lab file, and, when nothing is, what an author may have overlooked (warnings).
 * @param file its name, as diagnostics are to show it.
 */
export async function lint(file: string, text: string, options: Pick<PlanOptions, 'kinds' | 'assets'>): Promise<readonly Diagnostic[]> {
  const { plan, diagnostics } = await planText(file, text, options);
  return plan === undefined ? diagnostics : [...diagnostics, ...warnings(plan)];
}

function warnings(plan: Plan): Diagnostic[] {
  const found: Diagnostic[] = [];
  const warn = (place: Place, message: string, hint: string): void => {
    found.push({ severity: 'warning', file: plan.lab.file, place, message, hint });
  };
  const graded = plan.steps.some(({ block }) => block.points > 0);
  for (const { block, kind } of plan.steps) {
    const creates = kind.resources.length > 0;
    if (graded && creates && block.points === 0) {
      warn(
        block.place,
        `The step "${block.id}" creates something, and earns no points, although other steps do.`,
        'Add a line such as: points: 10',
      );
    }
    if (creates && block.hint === undefined) {
      warn(
        block.place,
        `The step "${block.id}" has no hint for a learner who is stuck.`,
        'Add a line with `hint:` and what goes wrong most often.',
      );
    }
  }
  warnOfFixedNames(plan, warn);
  warnOfUnused(plan.lab, warn);
  return found;
}

type Warn = (place: Place, message: string, hint: string) => void;

/** Two learners in one account get in each other's way unless the names of what they create can be told apart. */
function warnOfFixedNames({ steps }: Plan, warn: Warn): void {
  const uses = (references: readonly PlacedReference[]): boolean =>
    references.some(({ reference }) => reference.kind === 'name' || reference.kind === 'output');
  for (const { block, kind } of steps) {
    if (kind.resources.length === 0 || uses(block.references)) continue;
    warn(
      block.at(['with']),
      `What the step "${block.id}" creates is called the same whatever --prefix says.`,
      'Give it a name from the `names:` of the front matter.',
    );
  }
}

function warnOfUnused(lab: Lab, warn: Warn): void {
  const source = new SourceText(lab.file, lab.text);
  const found = findFrontMatter(lab.text);
  const yaml = found && readYamlMapping(source, found.yaml, 'The front matter');
  const used = new Set(lab.sections.flatMap(({ references }) => references.map(({ reference }) => JSON.stringify(reference))));
  for (const kind of ['var', 'name'] as const) {
    for (const name of Object.keys(kind === 'var' ? lab.vars : lab.names)) {
      if (used.has(JSON.stringify({ kind, name }))) continue;
      const place = yaml?.keyAt([kind === 'var' ? 'vars' : 'names', name]) ?? source.place({ start: 0, end: 3 });
      warn(
        place,
        `Nothing refers to the ${kind === 'var' ? 'variable' : 'name'} "${name}" of the front matter.`,
        'Refer to it, or take it out.',
      );
    }
  }
}
