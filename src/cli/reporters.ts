import { installedCliVersion } from '../aws/installed-cli.ts';
import type { Reporter } from '../runner/event.ts';
import { jsonLines } from '../runner/reporters/json.ts';
import type { TerminalOptions } from '../runner/reporters/run-view.ts';
import { terminalReporter } from '../runner/reporters/terminal.ts';
import type { OutputFlags } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** What a run says while it goes on: lines of JSON, or text for people with as much detail as was asked for. */
export async function openReporter(
  flags: OutputFlags,
  io: Surroundings,
  options: { readonly detail: 'brief' | 'full'; readonly cliLines: boolean },
): Promise<Reporter> {
  if (flags.json) return jsonLines((text) => io.out(text));
  const detail = flags.quiet ? 'quiet' : options.detail;
  const common: TerminalOptions = {
    write: (text) => io.out(text),
    width: io.width,
    colour: io.colour,
    detail,
    calls: flags.verbose ?? false,
    cliLines: options.cliLines && detail !== 'quiet' ? await cliPrinter() : () => [],
  };
  if (detail !== 'full') return terminalReporter(common);
  const { loadMarkdown } = await import('./markdown.ts');
  return terminalReporter({ ...common, renderMarkdown: await loadMarkdown(io) });
}

/** Prints calls for the AWS CLI that is installed, because the two that there are take bytes differently. */
async function cliPrinter(): Promise<TerminalOptions['cliLines']> {
  const [{ cliLines }, version] = await Promise.all([import('../aws/cli-line.ts'), installedCliVersion()]);
  return (call) => cliLines(call, { version });
}

/** One reporter that tells several. */
export function telling(...reporters: readonly Reporter[]): Reporter {
  return (event) => {
    for (const report of reporters) report(event);
  };
}
