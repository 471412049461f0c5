import { mkdir, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrivateFolder } from '../../../util/private-folder.ts';
import { type Cloud, slot } from '../../cloud.ts';
import { RuntimeApi } from './runtime-api.ts';

/** A process that the host ends when the sandbox stops. */
export interface Hosted {
  stop(): Promise<void>;
}

/** More processes than this, and a machine has better things to do. */
const mostAlive = 100;
/** Environments that are kept for their next event, of all functions together, and for how long in milliseconds of the machine's time. */
const mostIdle = 20;
const idleLimit = 5 * 60_000;

/** What all functions of one sandbox share on this machine: a private folder, the Runtime API, and the certainty of being ended. */
export class FunctionHost {
  /** Everything that functions have on this machine. */
  readonly folder: PrivateFolder;
  readonly api: RuntimeApi;
  readonly #alive = new Set<Hosted>();
  /** The one that has been idle for longest stands first. */
  readonly #idle = new Map<Hosted, NodeJS.Timeout>();

  #closing = false;

  private constructor(folder: PrivateFolder, api: RuntimeApi) {
    this.folder = folder;
    this.api = api;
  }

  static async open(): Promise<FunctionHost> {
    const folder = await PrivateFolder.create();
    const { path } = folder;
    const [api] = await Promise.all([RuntimeApi.listen(), mkdir(join(path, 'code')), lendModules(join(path, 'node_modules'))]);
    return new FunctionHost(folder, api);
  }

  /** Whether all processes are ended together, so that nobody has to look for what each has left. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Where function code is unpacked. */
  get codeFolder(): string {
    return join(this.folder.path, 'code');
  }

  /** The folder from which functions can import the AWS SDK. */
  get modulesFolder(): string {
    return join(this.folder.path, 'node_modules');
  }

  add(hosted: Hosted): void {
    this.#alive.add(hosted);
  }

  /** It is gone. */
  remove(hosted: Hosted): void {
    this.wake(hosted);
    this.#alive.delete(hosted);
  }

  /** It has nothing to do. It is ended when that stays so, or when others need its place. */
  rest(hosted: Hosted): void {
    this.#idle.set(hosted, setTimeout(() => void hosted.stop(), idleLimit).unref());
    if (this.#idle.size > mostIdle) void this.#endLongestIdle();
  }

  /** It has something to do again. */
  wake(hosted: Hosted): void {
    clearTimeout(this.#idle.get(hosted));
    this.#idle.delete(hosted);
  }

  /** Makes room for one more, at the cost of an idle one. @returns whether there is room. */
  async makeRoom(): Promise<boolean> {
    if (this.#alive.size >= mostAlive) await this.#endLongestIdle();
    return this.#alive.size < mostAlive;
  }

  async #endLongestIdle(): Promise<void> {
    const [longest] = this.#idle.keys();
    if (longest === undefined) return;
    this.wake(longest);
    await longest.stop();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.folder.close();
    await Promise.all([...this.#alive].map((hosted) => hosted.stop()));
    await this.api.close();
  }
}

/**
 * Makes the AWS SDK for JavaScript resolve inside functions, as it does on Lambda: functions are unpacked below the folder
 * in which this `node_modules` lies, so CommonJS and ES modules both find it. Nothing else of ours can be imported from there.
 */
async function lendModules(folder: string): Promise<void> {
  const resolver = createRequire(import.meta.url);
  // A dependency may be installed next to the package or nested in it; each is taken from where this program finds its own.
  const clients = ['cloudwatch-logs', 'iam', 'kinesis', 'lambda', 'sts'].map((service) => `@aws-sdk/client-${service}`);
  const anchors = [...clients, '@aws-sdk/credential-providers', '@smithy/core', '@smithy/node-http-handler', '@smithy/signature-v4'];
  const scopes = new Set(anchors.map((anchor) => scopeFolder(resolver.resolve(anchor), anchor)));
  for (const source of scopes) {
    const target = join(folder, source.endsWith('@smithy') ? '@smithy' : '@aws-sdk');
    await mkdir(target, { recursive: true });
    for (const name of await readdir(source)) {
      if (!name.startsWith('.')) await symlink(join(source, name), join(target, name)).catch(ignoreExisting);
    }
  }
}

/** `/…/node_modules/@aws-sdk` for a file of `@aws-sdk/client-kinesis`. */
function scopeFolder(file: string, name: string): string {
  const marker = `/node_modules/${name}/`;
  return dirname(file.slice(0, file.lastIndexOf(marker) + marker.length - 1));
}

function ignoreExisting(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}

const hosts = slot('lambda-host', (_scope, cloud) => openHost(cloud), { global: true });

/** Where the functions of a sandbox run; made when the first function is created. */
export function functionHost(cloud: Cloud): Promise<FunctionHost> {
  return cloud.state(hosts, { account: '*', region: '*' });
}

function openHost(cloud: Cloud): Promise<FunctionHost> {
  const opened = FunctionHost.open();
  cloud.inBackground(async () => {
    const host = await opened;
    await aborted(cloud.signal);
    await host.close();
  });
  return opened;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
