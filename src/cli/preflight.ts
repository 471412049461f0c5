import type { Place } from '../aws/permission.ts';
import { openSession } from '../aws/session.ts';
import { createWait, type Wait } from '../aws/wait.ts';
import { liveResources, refKey } from '../runner/ledger.ts';
import type { LedgerContent } from '../runner/ledger-text.ts';
import type { Plan } from '../runner/plan.ts';
import type { PreflightFinding } from '../runner/preflight/finding.ts';
import { preflight } from '../runner/preflight/preflight.ts';
import { ExitCode } from '../util/exit-code.ts';
import { legible } from '../util/printable.ts';
import { createPaint, type Paint, wrap } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import type { OutputFlags } from './options.ts';
import type { Surroundings } from './surroundings.ts';
import type { OpenTarget } from './target.ts';

export interface PreflightFlags extends OutputFlags {
  /** False when the command line leaves it out. */
  readonly preflight?: boolean;
}

/**
 * Before the first write on a target whose resources last: looks at what may stand in the way of labs, and says it all at once.
 * @throws {UserError} when something does.
 */
export async function checkBefore(
  plans: readonly Plan[],
  open: OpenTarget,
  flags: PreflightFlags,
  io: Surroundings,
  options: LookOptions,
): Promise<void> {
  if (flags.preflight === false || open.target.endsWithProcess !== undefined) return;
  const all = await Promise.all(plans.map((plan) => preflightFindings(plan, open, options)));
  const findings = [...new Map(all.flat().map((finding) => [finding.message, finding])).values()];
  const paint = createPaint(io.colour);
  // On an emulator it is nothing special that something cannot be looked at.
  const shown = findings.filter(({ weight }) => weight === 'fatal' || weight === 'warning' || (weight === 'unknown' && open.target.billed));
  if (shown.length > 0 && !flags.quiet)
    io.err(
      shown
        .filter(({ weight }) => weight !== 'fatal')
        .map((finding) => described(finding, paint, io.width))
        .join(''),
    );
  const [first, ...others] = shown.filter(({ weight }) => weight === 'fatal');
  if (first === undefined) return;
  const otherwise = 'If you know better, add --no-preflight.';
  if (others.length === 0)
    throw new UserError(first.message, { exitCode: ExitCode.couldNotRun, hint: [first.hint, otherwise].filter(Boolean).join(' ') });
  io.err([first, ...others].map((finding) => described(finding, paint, io.width)).join(''));
  const what = [...new Set([first, ...others].map(({ about }) => about))].join(', ');
  throw new UserError(`Nothing was done: ${others.length + 1} things stand in the way (${what}).`, {
    exitCode: ExitCode.couldNotRun,
    hint: otherwise,
  });
}

/** What cannot be looked at for so long is told as what could not be looked at: emulators of AWS answer 500 to calls that they do not have. */
const mostPatienceMs = 2_000;

interface LookOptions {
  readonly signal?: AbortSignal;
  /** The run that is gone on with. */
  readonly earlier?: LedgerContent;
}

/** Looks at one lab. */
export async function preflightFindings(
  plan: Plan,
  open: OpenTarget,
  { signal, earlier }: LookOptions = {},
): Promise<readonly PreflightFinding[]> {
  const { target, account, principal, clock } = open;
  const common = { clock, ...(signal === undefined ? {} : { signal }) };
  const patient = createWait(common);
  const wait: Wait = (options, poll) => patient({ ...options, timeoutMs: Math.min(options.timeoutMs, mostPatienceMs) }, poll);
  const aws = openSession({ target, readOnly: true, wait, ...common });
  try {
    const credentials = typeof target.credentials === 'function' ? await target.credentials() : target.credentials;
    return await preflight({
      plan,
      principal,
      place: { partition: partitionOf(principal), region: target.region, account },
      context: { aws, wait },
      expires: credentials.expiration,
      now: Date.now(),
      ours: new Set(liveResources(earlier?.entries ?? []).map(({ ref }) => refKey(ref))),
    });
  } finally {
    aws.destroy();
  }
}

function partitionOf(principal: string): Place['partition'] {
  return /^arn:([\w-]+):/.exec(principal)?.[1] ?? 'aws';
}

const marks = { good: ['green', '✓'], warning: ['yellow', '!'], fatal: ['red', '✗'], unknown: ['yellow', '–'] } as const;

/** One finding for people: a mark, what it is about, what was seen, and what to do. */
export function described({ about, weight, message, hint }: PreflightFinding, paint: Paint, width: number): string {
  const [style, sign] = marks[weight];
  const first = wrap(`${about}: ${legible(message)}`, width - 2, '  ').slice(2);
  return `${paint(style, sign)} ${first}\n${hint === undefined ? '' : `${wrap(legible(hint), width, '    ')}\n`}`;
}
