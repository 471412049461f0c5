import { isIP } from 'node:net';
import type { Clock } from '../util/clock.ts';
import { credentialStore } from './auth/credentials.ts';
import { paced } from './clock.ts';
import { Cloud } from './cloud.ts';
import { dispatch, mostBodyBytes } from './dispatch.ts';
import { openDoor } from './door.ts';
import type { Faults } from './faults.ts';
import { listen } from './listener.ts';
import { rootOf } from './operation.ts';
import { checkOptions, delaysOf, type SandboxOptions } from './options.ts';
import { VirtualClock } from './virtual-clock.ts';

export type { SandboxOptions } from './options.ts';

/** A running sandbox: an endpoint, and credentials of the root user of its account that were made up for this run. */
export interface Sandbox {
  /** `http://127.0.0.1:4567` */
  readonly endpoint: string;
  readonly port: number;
  readonly account: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What it does wrong. */
  readonly faults: Faults;
  /** Credentials of the root user of another account, twelve digits. Accounts are there without having been made. */
  credentialsOf(account: string): Sandbox['credentials'];
  /** The sandbox's time, for those who wait for it. */
  readonly clock: Clock;
  /** The same time, for those who let it pass at its own pace: waiting on this clock does not make it jump. */
  readonly unhurriedClock: Clock;
  /** Ends everything: functions, background work, connections, temporary files. */
  stop(): Promise<void>;
}

/**
 * Starts an AWS on the loopback interface of this machine. Several can run in one process; they share nothing.
 * @throws the operating system's error when the port is taken (`EADDRINUSE`) or `host` is nothing to listen on.
 * @throws {UserError} when no call can ever meet one of the faults.
 * @throws {RangeError} for an option that there is not, or that cannot be what it is, and for an access key id that is given twice.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  checkOptions(options);
  const account = options.account ?? '000000000000';
  const region = options.region ?? 'us-east-1';
  const clock = options.clock ?? (options.virtualTime ? new VirtualClock() : paced(options.speed ?? 1));
  const onBug = options.onBug ?? (() => undefined);
  const cloud = new Cloud({ clock, delays: delaysOf(options), shardLimits: options.shardLimits ?? true, onBug });
  for (const key of options.rootKeys ?? []) credentialStore(cloud).adopt(rootOf(key.account), key);
  if (options.anyCredentials)
    credentialStore(cloud).strangers = (accessKeyId) => rootOf(/^\d{12}$/.test(accessKeyId) ? accessKeyId : account);
  if (options.faults !== undefined && options.faults.length > 0) {
    await (await import('./fault-check.ts')).checkOperations(options.faults);
    cloud.faults.add(...options.faults);
  }
  const host = options.host ?? '127.0.0.1';
  const listener = await listen({
    port: options.port ?? 0,
    host,
    refuse: openDoor(host),
    mostBodyBytes: (head) => mostBodyBytes(cloud, head),
    answer: (request) => dispatch(cloud, request, onBug),
    onBug,
  });
  cloud.endpoint = `http://${hereName(host)}:${listener.port}`;
  // What an earlier sandbox has left on this machine; the start does not wait for it.
  cloud.inBackground(async () => (await import('../util/private-folder.ts')).removeForsaken());
  return {
    endpoint: cloud.endpoint,
    port: listener.port,
    account,
    region,
    credentials: rootCredentials(cloud, account),
    credentialsOf: (other) => rootCredentials(cloud, other),
    faults: cloud.faults,
    clock: clock.foreground,
    unhurriedClock: { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal) },
    async stop() {
      await cloud.stop();
      await listener.close();
    },
  };
}

function rootCredentials(cloud: Cloud, account: string): Sandbox['credentials'] {
  const { accessKeyId, secretAccessKey } = credentialStore(cloud).issue(rootOf(account));
  return { accessKeyId, secretAccessKey };
}

/** What programs on this machine find a listener by. */
function hereName(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIP(host) === 6 ? `[${host}]` : host;
}
