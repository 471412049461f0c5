import { type CliStyle, cliCommand } from '../../aws/cli-line.ts';
import type { Query } from '../../aws/query.ts';
import { textsBeforeAccepted } from '../../aws/transient.ts';
import { shellWord } from '../../util/shell-word.ts';
import type { Command } from './step-commands.ts';

/**
 * The lines of one call whose answer goes into shell variables, or is printed when none of it is needed later.
 * @param patiently repeats the call, where AWS may refuse it until a new role has got around.
 */
export function callLines({ call, captures }: Command, style: CliStyle, patiently: boolean): readonly string[] {
  const lead = patiently && textsBeforeAccepted(call).length > 0 ? 'patiently ' : '';
  const [first, ...others] = captures;
  if (first === undefined) {
    const { preparing, command } = cliCommand(call, style);
    return [...preparing, `${lead}${command}`];
  }
  const query = others.length === 0 ? first.query : `[${captures.map((capture) => capture.query).join(', ')}]`;
  const more = [`--query ${(style.word ?? shellWord)(query)}`, '--output text'];
  const { preparing, command } = cliCommand(call, { ...style, more });
  const taking = captures.flatMap(({ variable, pattern }) =>
    pattern === undefined ? [] : [`${variable}=$(sed -n ${shellWord(`s/^${pattern}$/\\1/p`)} <<<"$${variable}")`],
  );
  if (others.length === 0) return [...preparing, `${first.variable}=$(${lead}${command})`, ...taking];
  // A list of texts is printed on one line, with tabs between.
  const names = captures.map(({ variable }) => variable).join(' ');
  return [...preparing, `ANSWER=$(${lead}${command})`, `IFS=$'\\t' read -r ${names} <<<"$ANSWER"`, ...taking];
}

/** A read with `--query` and without `--output`: commands that prepare it, and the `aws` command. */
export function queryLine({ call, query }: Pick<Query, 'call' | 'query'>, style: CliStyle): ReturnType<typeof cliCommand> {
  return cliCommand(call, { ...style, more: [`--query ${(style.word ?? shellWord)(query)}`] });
}
