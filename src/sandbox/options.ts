import { closest } from '../util/closest.ts';
import { isRegion } from '../util/region.ts';
import { short } from '../util/text.ts';
import type { ChosenKey } from './auth/credentials.ts';
import { fastestPace, type SandboxClock } from './clock.ts';
import { type Delays, quickDelays } from './delays.ts';
import type { Fault } from './fault.ts';

export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /**
   * The address or the name to listen on; default 127.0.0.1. Any other than those of the loopback interface lets other machines in:
   * whoever has the credentials can run programs here.
   */
  readonly host?: string;
  /** Twelve digits; default 000000000000. */
  readonly account?: string;
  /** Default us-east-1. */
  readonly region?: string;
  /** How long things take; what is not among them is as in `quickDelays`. */
  readonly delays?: Partial<Delays>;
  /** Shards let through what AWS's do and no more (1 MiB and 1000 records a second, …). Default true; false for load tests. */
  readonly shardLimits?: boolean;
  /** What it does wrong from the beginning; `faults` of the running sandbox takes more. */
  readonly faults?: readonly Fault[];
  /** Keys of the root users of accounts that are to be known from the beginning. Others are made up with `credentialsOf`. */
  readonly rootKeys?: readonly (ChosenKey & { readonly account: string })[];
  /**
   * Takes requests whatever they are signed with: an access key id of twelve digits names the account, any other stands for
   * `account`. Sessions that the sandbox has issued are verified all the same. Default false: whoever can reach it could run programs here.
   */
  readonly anyCredentials?: boolean;
  /** Jump over idle time while somebody waits on `clock`. Default: the machine's time. */
  readonly virtualTime?: boolean;
  /** How many times as fast as the machine's time the sandbox's passes, at most 100; default 1. */
  readonly speed?: number;
  /** A clock of the caller's own, instead of either. */
  readonly clock?: SandboxClock;
  /** Is told of exceptions that are bugs of the sandbox. Default: nobody. A request that met one answers InternalFailure. */
  readonly onBug?: (error: unknown) => void;
}

interface Wanted {
  readonly text: string;
  fits(value: unknown): boolean;
}

const flag: Wanted = { text: 'true or false', fits: (value) => typeof value === 'boolean' };

const wanted: { readonly [Name in keyof SandboxOptions]-?: Wanted } = {
  port: { text: 'a whole number from 0 to 65535', fits: (value) => isNumber(value, 0, 65_535) && Number.isInteger(value) },
  host: { text: 'an address of this machine, or a name of it', fits: (value) => typeof value === 'string' && value !== '' },
  account: { text: 'a text of twelve digits', fits: isAccount },
  region: { text: 'the name of an AWS region, like us-east-1', fits: (value) => typeof value === 'string' && isRegion(value) },
  delays: { text: 'an object with numbers of milliseconds', fits: isObject },
  shardLimits: flag,
  faults: { text: 'a list of what parseFault returns', fits: (value) => isListOf(value, (each) => isObject(each) && 'kind' in each) },
  rootKeys: {
    text: 'a list of keys, each with an accessKeyId, a secretAccessKey, and an account of twelve digits',
    fits: (value) => isListOf(value, isRootKey),
  },
  anyCredentials: flag,
  virtualTime: flag,
  speed: { text: `a number above 0, and ${fastestPace} at most`, fits: (value) => isNumber(value, Number.MIN_VALUE, fastestPace) },
  clock: { text: 'a clock', fits: isObject },
  onBug: { text: 'a function', fits: (value) => typeof value === 'function' },
};

const delay: Wanted = { text: 'a number of milliseconds', fits: (value) => isNumber(value, 0, Number.MAX_SAFE_INTEGER) };
const delays: { readonly [Name in keyof Delays]: Wanted } = mapped(quickDelays, () => delay);

/** How long things take: as `quickDelays` says, where nothing else is given. */
export function delaysOf({ delays: given = {} }: SandboxOptions): Delays {
  return { ...quickDelays, ...Object.fromEntries(Object.entries(given).filter(([, ms]) => ms !== undefined)) };
}

/**
 * Looks at what a program without types, or a typing mistake, may have made of the options. An option that is undefined is as good as none.
 * @throws {RangeError} that names the first one which is wrong, and says what it has to be
 */
export function checkOptions(options: SandboxOptions): void {
  if (!isObject(options)) throw new RangeError(`startSandbox takes an object with options, and got ${shown(options)}.`);
  checkMembers(options, wanted, '');
  if (options.delays !== undefined) checkMembers(options.delays, delays, 'delays.');
  const clocks = [options.virtualTime === true && 'virtualTime', options.speed !== undefined && options.speed !== 1 && 'speed'];
  const chosen = [...clocks, options.clock !== undefined && 'clock'].filter((name) => name !== false);
  if (chosen.length > 1) throw new RangeError(`startSandbox takes one of ${chosen.join(' and ')}, and got both.`);
}

function checkMembers(given: object, known: Readonly<Record<string, Wanted>>, place: string): void {
  for (const [name, value] of Object.entries(given)) {
    const { text, fits } = (Object.hasOwn(known, name) ? known[name] : undefined) ?? {};
    if (fits === undefined) {
      const near = closest(name, Object.keys(known));
      const hint = near === undefined ? `There are ${Object.keys(known).join(', ')}.` : `Did you mean ${place}${near}?`;
      throw new RangeError(`startSandbox has no option ${place}${short(name, 60)}. ${hint}`);
    }
    if (value !== undefined && !fits(value))
      throw new RangeError(`startSandbox wants ${place}${name} to be ${text}, and got ${shown(value)}.`);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

function isListOf(value: unknown, fits: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}

function isAccount(value: unknown): boolean {
  return typeof value === 'string' && /^\d{12}$/.test(value);
}

function isRootKey(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { account, accessKeyId, secretAccessKey } = value as Readonly<Record<string, unknown>>;
  return isAccount(account) && [accessKeyId, secretAccessKey].every((text) => typeof text === 'string' && text !== '');
}

function mapped<Key extends string, Value>(from: Readonly<Record<Key, unknown>>, to: () => Value): Readonly<Record<Key, Value>> {
  return Object.fromEntries(Object.keys(from).map((key) => [key, to()])) as Record<Key, Value>;
}

/** Of keys, no more than that there is something: a secret is nobody's to print. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'another list';
  if (isObject(value)) return 'an object';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'string' ? `"${short(value, 60)}"` : String(value);
}
