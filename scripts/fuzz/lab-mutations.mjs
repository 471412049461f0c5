import { texts } from './values.mjs';

// Ways to make a lab file wrong, each from a text to a text or to bytes.

const pieces = [
  ...texts,
  '```',
  '````',
  '```yaml step\n',
  '```json output\n',
  '~~~\n',
  '\n',
  '\r\n',
  '---\n',
  '<!--',
  '-->',
  '<div>\n',
  '> ',
  '1. ',
  'id: ',
  'uses: ',
  'with:\n',
  'points: ',
  'hint: ',
  'vars:\n',
  'names:\n',
  'format: ',
  '  ',
  ':',
  ',',
  '? ',
];

/** @typedef {import('../support/random.mjs').Random} Random */

/** Bytes set, cut out, doubled or put in. @param {string} text @param {Random} random */
export function mutateBytes(text, random) {
  let bytes = Buffer.from(text);
  for (let left = random.between(1, 5); left > 0; left--) {
    const at = random.below(bytes.length + 1);
    const end = Math.min(bytes.length, at + random.pick([0, 1, 1, 2, 8, 64, 512]));
    const there = bytes.subarray(at, end);
    const put = random.weighted([
      [3, () => Buffer.from([random.below(256)])],
      [2, () => Buffer.alloc(0)],
      [1, () => Buffer.concat([there, there])],
      [1, () => Buffer.from(random.times(random.between(1, 16), () => random.below(256)))],
      [1, () => Buffer.from(there.map((byte) => byte ^ (1 << random.below(8))))],
      [1, () => Buffer.from(random.pick(pieces))],
    ])();
    bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(end)]);
  }
  return bytes;
}

/** Lines cut out, doubled, swapped, moved in or out, or taken from another place. @param {string} text @param {Random} random */
export function mutateLines(text, random) {
  const lines = text.split('\n');
  for (let left = random.between(1, 5); left > 0; left--) {
    const at = random.below(lines.length);
    const count = random.pick([1, 1, 1, 2, 3, 10]);
    const line = lines[at] ?? '';
    random.weighted([
      [3, () => lines.splice(at, count)],
      [2, () => lines.splice(at, 0, ...lines.slice(at, at + count))],
      [2, () => lines.splice(random.below(lines.length + 1), 0, ...lines.slice(at, at + count))],
      [1, () => lines.splice(at, 2, lines[at + 1] ?? '', line)],
      [2, () => lines.splice(at, 1, `${random.pick(['  ', '    ', '\t', ' ', '> ', '- '])}${line}`)],
      [1, () => lines.splice(at, 1, line.replace(/^ {1,2}/, ''))],
      [1, () => lines.splice(at, 1, line.slice(0, random.below(line.length + 1)))],
      [1, () => lines.splice(at, 1, `${line}\r`)],
      [1, () => lines.splice(at, 0, random.pick(pieces))],
    ])();
  }
  return lines.join('\n');
}

/** Words and signs taken out, doubled, swapped, or replaced by others of the page or by what means something. @param {string} text @param {Random} random */
export function mutateTokens(text, random) {
  const tokens = text.match(/\s+|[\w-]+|[^\w\s]/gu) ?? [];
  for (let left = random.between(1, 6); left > 0 && tokens.length > 0; left--) {
    const at = random.below(tokens.length);
    random.weighted([
      [2, () => tokens.splice(at, 1)],
      [1, () => tokens.splice(at, 0, tokens[at])],
      [2, () => tokens.splice(at, 1, random.pick(tokens))],
      [3, () => tokens.splice(at, 1, random.pick(pieces))],
      [1, () => tokens.splice(at, 0, random.pick(pieces))],
      [1, () => tokens.splice(at, 1, (tokens[at] ?? '').toUpperCase())],
    ])();
  }
  return tokens.join('');
}

/** What stands behind a `key:` of the front matter or of a step. @param {string} text @param {Random} random */
export function mutateValues(text, random) {
  const lines = text.split('\n');
  const keys = lines.flatMap((line, index) => (/^\s*(?:- )?[\w-]+:/.test(line) ? [index] : []));
  if (keys.length === 0) return mutateLines(text, random);
  for (let left = random.between(1, 4); left > 0; left--) {
    const at = random.pick(keys);
    const [, lead = '', key = '', value = ''] = /^(\s*(?:- )?)([\w-]+):(.*)$/s.exec(lines[at] ?? '') ?? [];
    const text = random.pick(texts);
    lines[at] = random.weighted([
      [4, () => `${lead}${key}: ${text}`],
      [3, () => `${lead}${key}: ${JSON.stringify(text)}`],
      [2, () => `${lead}${key}: ${random.pick([-1, 0, 1, 2, 7, 99, 1000, 1e9, 0.5, 'true', 'null', '[a, b]', '{ a: b }'])}`],
      [1, () => `${lead}${key}:`],
      [
        1,
        () =>
          `${lead}${random.pick(['id', 'uses', 'with', 'names', 'vars', '__proto__', 'constructor', key.slice(1), `${key}s`])}:${value}`,
      ],
      [1, () => `${lead}${key}: |\n${lead}    ${text}`],
      [1, () => `${lead}${key}:${value}\n${lead}${key}:${value}`],
      [1, () => `${lead}? ${key}\n${lead}:${value}`],
    ])();
  }
  return lines.join('\n');
}

const roots = ['steps', 'vars', 'names', 'learner', 'step', 'env', 'constructor', ''];

/** References: other ones, none, half ones, and where there were none. @param {string} text @param {Random} random */
export function mutateExpressions(text, random) {
  const places = [...text.matchAll(/\$\{\{[^\n}]*\}\}/g)].map((found) => [found.index, found.index + found[0].length]);
  const reference = () => {
    const known = places.length > 0 ? text.slice(...random.pick(places)) : '${{ vars.message }}';
    return random.weighted([
      [4, () => known],
      [3, () => `\${{ ${random.pick(roots)}.${random.pick(['arn', 'name', 'nonce', 'started', 'stream', 'x', '__proto__'])} }}`],
      [2, () => `\${{ steps.${random.pick(['stream', 'role', 'logger', 'x', 'constructor'])}.${random.pick(['arn', 'name', 'x'])} }}`],
      [1, () => `\${{${'a.'.repeat(random.below(300))}b}}`],
      [1, () => random.pick(['${{', '}}', '${{ }}', '${ {', '{{ vars.x }}', '${{${{ vars.x }}}}', '${{ vars.x', '$'])],
    ])();
  };
  let result = text;
  for (let left = random.between(1, 4); left > 0; left--) {
    const [start, end] = places.length > 0 && random.chance(0.7) ? random.pick(places) : [random.below(result.length + 1), 0];
    result = result.slice(0, start) + reference() + result.slice(Math.max(start, end));
  }
  return result;
}

/** What editors and networks do to files. @param {string} text @param {Random} random */
export function mutateWhole(text, random) {
  return random.weighted([
    [3, () => text.replaceAll('\n', '\r\n')],
    [1, () => text.replaceAll('\n', '\r')],
    [1, () => text.replace(/\n/g, () => (random.chance(0.5) ? '\n' : '\r\n'))],
    [2, () => `\ufeff${text}`],
    [1, () => `\ufeff\ufeff${text}`],
    [1, () => Buffer.from(text, 'utf16le')],
    [1, () => Buffer.from(text, 'latin1')],
    [1, () => text.replaceAll('  ', '\t')],
    [1, () => text.slice(0, random.below(text.length))],
    [1, () => text.slice(random.below(text.length))],
    [1, () => text + text],
    [1, () => text.replace(/\n+/g, '\n')],
    [1, () => text.replaceAll('\n', ' ')],
    [1, () => text.trimEnd()],
    [1, () => ''],
    [1, () => random.times(random.below(2_000), () => String.fromCharCode(random.below(0x10000))).join('')],
  ])();
}

const head = '---\nid: "07"\ntitle: T\nsummary: S.\nminutes: 1\nformat: 1\n---\n\n# T\n\n';
const quiz = (inputs) => `\`\`\`yaml step\nid: a\nuses: quiz\nwith:\n${inputs}\n\`\`\`\n`;
const right = quiz('  question: Which?\n  answer: b');

/** Files that are as large as a file can be, and made of what is slow to read. @param {Random} random */
export function largeLab(random) {
  const size = random.pick([10_000, 100_000, 300_000, 950_000]);
  const filled = (part) => part.repeat(Math.ceil(size / part.length)).slice(0, size);
  const numbered = (part) =>
    Array.from({ length: Math.floor(size / (part.length + 4)) }, (_, at) => part.replace('#', String(at))).join('');
  return random.pick([
    () => head + numbered('```yaml step\nid: s#\nuses: quiz\nwith: { question: a, answer: b }\n```\n'),
    () => head + numbered('```yaml step\nid: s#\n```\n'),
    () => head + right + numbered('${{ steps.s#.arn }}\n'),
    () =>
      head.replace('format: 1', `format: 1\nvars:\n${numbered('  v#: a\n')}`) +
      right +
      numbered('${{ vars.w# }}\n').slice(0, 950_000 - size),
    () =>
      head +
      right +
      filled(
        random.pick(['```\n', '```yaml step\n', '~~~\n', '${{', '${{}}', '> ', '- ', '[', '*a ', '`', '<a ', '# a\n', ' ', '\t', '-']),
      ),
    () => head + quiz(`  question: Which?\n  answer: [${numbered('a#, ')}b]`),
    () => head + quiz(`  question: Which?\n  ${filled(random.pick(['[', '{a: ', '- ', '? ', '&a ', '*a ', '!a ', '"', "' ", ': ', '#']))}`),
    () => head + quiz(`  x: &x [a, a, a]\n${numbered('  y#: *x\n')}`),
    () => `${head}${right}\`\`\`json output\n${filled(random.pick(['[', '{"a":', '1,', '"', ' ', '[],']))}\n\`\`\`\n`,
    () => filled(random.pick(['x', '\0', '\n', '---\n', '\ud7ff'])),
  ])();
}
