import { readdirSync, readFileSync } from 'node:fs';
import { stepKinds } from '../../dist/steps/registry.js';
import { Random } from '../support/random.mjs';
import { grammarLab } from './lab-grammar.mjs';
import { largeLab, mutateBytes, mutateExpressions, mutateLines, mutateTokens, mutateValues, mutateWhole } from './lab-mutations.mjs';

const labsFolder = new URL('../../labs/', import.meta.url);

const ways = {
  grammar: 25,
  bytes: 18,
  lines: 14,
  tokens: 14,
  values: 16,
  expressions: 10,
  whole: 3,
  large: 0.1,
};

const mutations = {
  bytes: mutateBytes,
  lines: mutateLines,
  tokens: mutateTokens,
  values: mutateValues,
  expressions: mutateExpressions,
  whole: mutateWhole,
};

/**
 * Makes lab files, each from nothing but the seed and its number.
 * @returns {Promise<(seed: number, index: number) => { readonly way: string, readonly bytes: Buffer }>}
 */
export async function labCases() {
  const labs = readdirSync(labsFolder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => readFileSync(new URL(name, labsFolder), 'utf8'));
  const kinds = await Promise.all(
    stepKinds.names.map(async (uses) => {
      const { examples, outputs } = await stepKinds.load(uses);
      return { uses, examples, outputs: Object.keys(outputs) };
    }),
  );
  return (seed, index) => {
    const random = new Random(seed, index);
    const way = random.weighted(Object.entries(ways).map(([name, weight]) => [weight, name]));
    if (way === 'large') return { way, bytes: Buffer.from(largeLab(random)) };
    if (way === 'grammar') return { way, bytes: Buffer.from(grammarLab(kinds, random)) };
    const lab = random.pick(labs);
    return { way, bytes: Buffer.from(mutations[way](random.chance(0.2) ? lab : excerpt(lab, random), random)) };
  };
}

/** The front matter of a lab and a few of its sections, which makes a file that is read in a fraction of the time. */
function excerpt(lab, random) {
  const [head = '', ...sections] = lab.split(/^(?=## )/m);
  const first = random.below(sections.length);
  return head + sections.slice(first, first + random.between(1, 3)).join('');
}
