import { closest } from '../util/closest.ts';
import { serviceNames } from '../util/sdk.ts';
import { UserError } from '../util/user-error.ts';
import { type Delays, quickDelays } from './delays.ts';

/** Something that the sandbox is told to do wrong, as data. */
export type Fault = FaultBounds & (CallFault | SlowThing);

/** A call that goes wrong. */
export type CallFault = {
  /** `kinesis:PutRecord`; a star stands for any characters. */
  readonly call: string;
} & (
  | { readonly kind: CallFaultKind }
  /** The answer takes so long, in milliseconds of the sandbox's time. */
  | { readonly kind: 'slow'; readonly ms: number }
);

/** Something that takes long to come about, in milliseconds of the sandbox's time. */
interface SlowThing {
  readonly kind: 'slow-thing';
  readonly thing: keyof Delays;
  readonly ms: number;
}

/** How long a fault lasts. */
interface FaultBounds {
  /** How often it happens; a call fault that has no bounds happens once. */
  readonly times?: number;
  /** How many calls that fit it are let through first. */
  readonly after?: number;
  /** For how many milliseconds of the sandbox's time from being added. */
  readonly forMs?: number;
  /** Twelve digits: the only account whose calls go wrong. For calls only. */
  readonly account?: string;
}

type CallFaultKind = keyof typeof callFaultKinds;

/** What a call can do wrong, with the calls for which alone there is such a thing. */
const callFaultKinds = {
  /** The service says that it is asked too often, in its own words. */
  throttle: undefined,
  /** The service answers that it has failed: HTTP 500, or what the service has for it. */
  error: undefined,
  /** The connection is cut before anything has happened. */
  'cut-before': undefined,
  /** It happens, and the connection is cut instead of an answer. */
  'cut-after': undefined,
  /** The shard iterator has expired. */
  'expired-iterator': ['kinesis:GetRecords'],
  /** A page without events, behind which the log goes on. */
  'empty-page': ['logs:FilterLogEvents', 'logs:GetLogEvents'],
} as const satisfies Readonly<Record<string, readonly string[] | undefined>>;

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** No fault is asked to take longer: timers have an end. */
const longestMs = 24 * units.h;

const example = 'For example: kinesis:PutRecord=throttle,times=3 or lambda:CreateFunction=cut-after or stream-create=30s';

/** The things that can be slow, as they are written: `stream-create`. */
const things: ReadonlyMap<string, keyof Delays> = new Map(
  (Object.keys(quickDelays) as (keyof Delays)[]).map((name) => [kebab(name), name]),
);

/**
 * Reads a fault as it is written: `WHERE=WHAT`, and then `times=`, `after=` and `for=` behind commas.
 * @throws {UserError} what was seen, and what there is.
 */
export function parseFault(text: string): Fault {
  const [place = '', ...bounds] = text.split(',').map((part) => part.trim());
  const [, where, what] = /^([^=]+)=(.+)$/.exec(place) ?? [];
  if (where === undefined || what === undefined) throw problem(text, 'it is not of the form WHERE=WHAT', example);
  const thing = things.get(where);
  const fault = thing === undefined ? callFault(text, where, what) : slowThing(text, where, thing, what);
  const read = readBounds(text, bounds);
  if (thing !== undefined && read.account !== undefined) throw problem(text, 'account= is for calls, and this is none', example);
  return { ...fault, ...read };
}

/** The fault as it is written. */
export function faultText(fault: Fault): string {
  const { times, after, forMs, account } = fault;
  const bounds = [
    ...(times === undefined ? [] : [`times=${times}`]),
    ...(after === undefined ? [] : [`after=${after}`]),
    ...(forMs === undefined ? [] : [`for=${timeText(forMs)}`]),
    ...(account === undefined ? [] : [`account=${account}`]),
  ];
  const what = fault.kind === 'slow' || fault.kind === 'slow-thing' ? timeText(fault.ms) : fault.kind;
  const where = fault.kind === 'slow-thing' ? kebab(fault.thing) : fault.call;
  return [`${where}=${what}`, ...bounds].join(',');
}

function callFault(text: string, call: string, what: string): CallFault {
  checkPlace(text, call);
  const ms = readTime(what);
  if (ms !== undefined) return { kind: 'slow', call, ms };
  if (/^\d/.test(what)) throw problem(text, `"${what}" is no time`, timeHint);
  if (!Object.hasOwn(callFaultKinds, what)) {
    throw problem(text, `a call cannot do "${what}"`, oneOf(what, [...Object.keys(callFaultKinds)], ', or take a time such as 2s'));
  }
  const kind = what as CallFaultKind;
  const only: readonly string[] | undefined = callFaultKinds[kind];
  if (only !== undefined && !only.includes(call)) throw problem(text, `"${kind}" is for ${only.join(' and ')} only`, example);
  return { kind, call };
}

function slowThing(text: string, where: string, thing: keyof Delays, what: string): SlowThing {
  const ms = readTime(what);
  if (ms !== undefined) return { kind: 'slow-thing', thing, ms };
  throw problem(text, `${where} takes a time, and "${what}" is none`, timeHint);
}

/** Refuses what is neither a call nor a thing. Whether a service has the operation is known when the service is loaded. */
function checkPlace(text: string, where: string): void {
  if (!/^(\*|[a-z0-9*]+:[A-Za-z0-9*]+)$/.test(where)) {
    const hint = `${oneOf(where, [...things.keys()], '')} A call is written service:Operation.`;
    throw problem(text, `"${where}" is neither a call nor something that can be slow`, hint);
  }
  const [service = ''] = where.split(':');
  if (service.includes('*') || serviceNames.some((name) => name === service)) return;
  throw problem(text, `there is no service "${service}"`, oneOf(service, serviceNames, ', or a star for all of them'));
}

function readBounds(text: string, bounds: readonly string[]): FaultBounds {
  const read: { times?: number; after?: number; forMs?: number; account?: string } = {};
  for (const bound of bounds) {
    const [, key = bound, value = ''] = /^([^=]*)=(.*)$/.exec(bound) ?? [];
    if (key === 'times') read.times = wholeNumber(text, key, value, 1);
    else if (key === 'after') read.after = wholeNumber(text, key, value, 0);
    else if (key === 'for') {
      const ms = readTime(value);
      if (ms === undefined) throw problem(text, `for= takes a time, and "${value}" is none`, timeHint);
      read.forMs = ms;
    } else if (key === 'account') {
      if (!/^\d{12}$/.test(value)) throw problem(text, `account= takes twelve digits, and got "${value}"`, example);
      read.account = value;
    } else
      throw problem(text, `"${bound}" is not known`, 'Behind the comma there can be times=3, after=2, for=10s and account=123456789012.');
  }
  return read;
}

function wholeNumber(text: string, key: string, value: string, least: number): number {
  const number = Number(value);
  if (/^\d{1,9}$/.test(value) && number >= least) return number;
  throw problem(text, `${key}= takes a whole number from ${least} on, and got "${value}"`, example);
}

const timeHint = 'A time is written 500ms, 10s, 2m or 1h, and is no longer than a day.';

/** Milliseconds, or `undefined` for what is no time. */
function readTime(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
  if (number === undefined || unit === undefined) return undefined;
  const ms = Math.round(Number(number) * units[unit as keyof typeof units]);
  return ms <= longestMs ? ms : undefined;
}

function timeText(ms: number): string {
  const unit = (['h', 'm', 's', 'ms'] as const).find((each) => ms % units[each] === 0 && ms >= units[each]) ?? 'ms';
  return `${ms / units[unit]}${unit}`;
}

/** `streamCreate` as `stream-create`. */
function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** "Did you mean …?" where a word is near, and what there is otherwise. */
function oneOf(seen: string, known: readonly string[], more: string): string {
  const near = closest(seen, known);
  return `${near === undefined ? '' : `Did you mean "${near}"? `}There is: ${known.join(', ')}${more}.`;
}

function problem(text: string, why: string, hint: string): UserError {
  return new UserError(`The fault "${text}" is not understood: ${why}.`, { hint });
}
