import { existsSync } from 'node:fs';
import type { RunResult } from '../runner/event.ts';
import type { LedgerContent } from '../runner/ledger-text.ts';
import { packageLabs } from '../runner/library.ts';
import { shellWord } from '../util/shell-word.ts';
import type { Surroundings } from './surroundings.ts';

/** The command that goes on with a run. */
export function startCommand({ header }: Pick<LedgerContent, 'header'>, { env }: Surroundings): string {
  const { lab, target, prefix } = header;
  const known = lab.file.startsWith(packageLabs) || !existsSync(lab.file);
  const embedded = target.endsWithProcess !== undefined;
  const place = embedded ? target.label : (target.endpoint ?? 'aws');
  return [
    `kinesis-labs start ${known ? lab.id : shellWord(lab.file)}`,
    ...(embedded && !env['AWS_ENDPOINT_URL'] ? [] : [`--target ${place}`]),
    ...(target.region === 'us-east-1' ? [] : [`--region ${target.region}`]),
    ...(prefix === '' ? [] : [`--prefix ${shellWord(prefix)}`]),
  ].join(' ');
}

/** After a run that could ask nothing more of AWS, and so has left things: how it goes on when that is over. Else empty. */
export function wayOn({ left }: Pick<RunResult, 'left'>, ledger: Pick<LedgerContent, 'header'>, io: Surroundings): string {
  const reasons = new Set(left.flatMap(({ lost }) => lost ?? []));
  if (reasons.size === 0) return '';
  const when = reasons.has('credentials') ? 'the credentials are good again' : 'the target can be reached again';
  return `As soon as ${when}, this goes on from there: ${startCommand(ledger, io)}\n`;
}
