import { existsSync } from 'node:fs';
import type { LedgerContent } from '../runner/ledger-text.ts';
import { packageLabs } from '../runner/library.ts';
import { shellWord } from '../util/shell-word.ts';
import type { Surroundings } from './surroundings.ts';

/** The command that goes on with a run. */
export function startCommand({ header }: LedgerContent, { env }: Surroundings): string {
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
