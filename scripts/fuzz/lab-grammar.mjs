import { stringify } from 'yaml';
import { anything, texts } from './values.mjs';

/** @typedef {import('../support/random.mjs').Random} Random */
/** @typedef {{ readonly uses: string, readonly examples: readonly Record<string, unknown>[], readonly outputs: readonly string[] }} Kind */

/** A lab file of steps that look like those of real labs, most of them right. @param {readonly Kind[]} kinds @param {Random} random */
export function grammarLab(kinds, random) {
  const steps = [];
  const page = random.times(random.between(1, 5), (index) => {
    const kind = random.pick(kinds);
    const id = random.chance(0.95) ? `${random.pick(['a', 'stream', 'role', 'log'])}-${index}` : random.pick(texts);
    const text = prose(random, steps) + step(kind, id, steps, random) + (random.chance(0.2) ? output(random, steps) : '');
    steps.push({ id, outputs: kind.outputs });
    return text;
  });
  return frontMatter(random) + page.join('\n') + prose(random, steps);
}

/** @param {Random} random */
function frontMatter(random) {
  const usual = {
    id: '07',
    title: 'Streams',
    summary: 'About streams.',
    minutes: 5,
    format: 1,
    vars: { message: 'Hello', count: 2, language: 'node' },
    names: { stream: 'orders', role: 'orders-role' },
  };
  const entries = Object.entries(usual).flatMap(([key, value]) =>
    random.weighted([
      [30, [[key, value]]],
      [1, []],
      [1, [[key, anything(random)]]],
      [1, [[random.pick(['idd', 'titel', '__proto__', 'constructor', key.toUpperCase()]), value]]],
    ]),
  );
  return `---\n${asYaml(Object.fromEntries(entries), random)}---\n\n`;
}

/** @param {Kind} kind @param {string} id @param {readonly { id: string, outputs: readonly string[] }[]} above @param {Random} random */
function step(kind, id, above, random) {
  const inputs = changed(random.pick(kind.examples), above, random);
  const block = {
    id,
    uses: random.chance(0.97) ? kind.uses : random.pick([...texts, kind.uses.replace('/', '.'), `${kind.uses}s`]),
    with: inputs,
    ...(random.chance(0.4) ? { points: random.chance(0.9) ? random.below(20) : anything(random) } : {}),
    ...(random.chance(0.4) ? { hint: random.chance(0.8) ? `Look at ${reference(above, random)}.` : anything(random) } : {}),
    ...(random.chance(0.03) ? { [random.pick(texts)]: anything(random) } : {}),
  };
  const fence = random.weighted([
    [30, '```yaml step'],
    [1, '```yaml steps'],
    [1, '~~~yaml step'],
    [1, '  ```yaml step'],
    [1, '````yaml step'],
    [1, '```yml step'],
  ]);
  return `${fence}\n${asYaml(block, random)}${fence.replace(/[a-z ]+$/, '')}\n`;
}

/** The inputs with a few values that are others. */
function changed(value, above, random) {
  if (random.chance(0.03)) return random.chance(0.5) ? anything(random) : reference(above, random);
  if (Array.isArray(value)) return value.map((each) => changed(each, above, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const pair = [key, changed(member, above, random)];
      return random.weighted([
        [60, [pair]],
        [1, []],
        [1, [[`${key}x`, member]]],
        [1, [pair, [random.pick(texts), anything(random)]]],
      ]);
    }),
  );
}

function reference(above, random) {
  const forms = [
    '${{ vars.message }}',
    '${{ vars.count }}',
    '${{ names.stream }}',
    '${{ learner.nonce }}',
    '${{ vars.nothing }}',
    '${{ }}',
  ];
  const outputs = above.flatMap(({ id, outputs }) => outputs.map((name) => `\${{ steps.${id}.${name} }}`));
  return random.pick([...forms, ...outputs, ...outputs]);
}

function output(random, above) {
  const data = anything(random);
  const text = random.chance(0.8) ? JSON.stringify(data, null, random.pick([0, 2])) : random.pick(texts);
  return `\n\`\`\`json output\n${random.chance(0.2) ? text.replace(/"[^"]*"/, `"${reference(above, random)}"`) : text}\n\`\`\`\n`;
}

function prose(random, above) {
  const parts = [
    () => `# ${random.pick(texts).replace(/\s/g, ' ')}\n`,
    () => `Some text with ${reference(above, random)} in it.\n`,
    () => `- ${random.pick(texts)}\n  - b\n`,
    () => '```sh\nls\n```\n',
    () => '> quoted\n',
    () => '<details>\n\nInside.\n\n</details>\n',
    () => `${random.pick(texts)}\n`,
    () => '| a | b |\n|---|---|\n| 1 | 2 |\n',
    () => 'Heading\n=======\n',
  ];
  return `${random.times(random.below(4), () => random.pick(parts)()).join('\n')}\n`;
}

/** @param {Random} random */
function asYaml(data, random) {
  return stringify(data, {
    collectionStyle: random.weighted([
      [6, 'any'],
      [1, 'flow'],
    ]),
    defaultStringType: random.weighted([
      [6, 'PLAIN'],
      [1, 'QUOTE_DOUBLE'],
      [1, 'QUOTE_SINGLE'],
      [1, 'BLOCK_LITERAL'],
      [1, 'BLOCK_FOLDED'],
    ]),
    indent: random.pick([2, 2, 2, 4]),
    lineWidth: random.pick([0, 40, 80]),
    aliasDuplicateObjects: random.chance(0.1),
  });
}
