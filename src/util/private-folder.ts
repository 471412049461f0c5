import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { endFamily } from './process-family.ts';
import { type Ending, ProcessGuard } from './process-guard.ts';
import { identityOf, type ProcessIdentity, processRuns } from './process-identity.ts';

const prefix = 'kinesis-labs-';
const ownerFile = 'owner.json';

/** Who made a folder. */
interface Owner {
  readonly process: ProcessIdentity;
  /** Where ids of processes mean the same: two containers may share a folder, and not their processes. */
  readonly space: string;
}

/**
 * A temporary folder that nobody but this user can look into, and that does not outlive this process, nor do the processes that
 * carry its path in their environment: both are ended by `close`, by a guard when this process is killed, and by
 * `removeForsaken` in the next program where the guard was killed as well.
 */
export class PrivateFolder {
  /** Where files go; empty at first. */
  readonly path: string;
  readonly #root: string;
  readonly #guard: ProcessGuard;
  readonly #leaders = new Set<number>();

  private constructor(root: string) {
    this.#root = root;
    this.path = join(root, 'work');
    this.#guard = new ProcessGuard(root);
  }

  static async create(): Promise<PrivateFolder> {
    await removeForsaken();
    // Only its owner may enter a folder that mkdtemp makes.
    const root = await realpath(await mkdtemp(join(tmpdir(), prefix)));
    const owner: Owner = { process: identityOf(process.pid), space: await processSpace() };
    await writeFile(join(root, ownerFile), JSON.stringify(owner));
    await mkdir(join(root, 'work'));
    return new PrivateFolder(root);
  }

  /** From now on the process group that `pid` leads ends with this process. */
  watch(pid: number, ending: Ending = 'killed'): void {
    this.#leaders.add(pid);
    this.#guard.watch(pid, ending);
  }

  unwatch(pid: number): void {
    this.#leaders.delete(pid);
    this.#guard.unwatch(pid);
  }

  /** Ends the groups that are watched, and whatever carries the path of this folder in its environment. */
  endProcesses(): Promise<void> {
    return endFamily({ leaders: [...this.#leaders], mark: this.#root });
  }

  async close(): Promise<void> {
    await this.endProcesses();
    await rm(this.#root, { recursive: true, force: true, maxRetries: 3 });
    await this.#guard.close();
  }
}

let forsakenRemoved: Promise<void> | undefined;

/** Removes what programs have left that were killed together with their guards; looks once in the life of a process. */
export function removeForsaken(): Promise<void> {
  forsakenRemoved ??= findForsaken().then(async (folders) => {
    for (const folder of folders) {
      await endFamily({ leaders: [], mark: folder });
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  });
  return forsakenRemoved;
}

async function findForsaken(): Promise<readonly string[]> {
  const parent = await realpath(tmpdir());
  const space = await processSpace();
  const forsaken: string[] = [];
  for (const name of await readdir(parent).catch(() => [])) {
    const folder = join(parent, name);
    if (name.startsWith(prefix) && (await isForsaken(folder, space))) forsaken.push(folder);
  }
  return forsaken;
}

/** Whether a folder is ours in every respect, and whoever made it is certainly gone. */
async function isForsaken(folder: string, space: string): Promise<boolean> {
  try {
    const status = await lstat(folder);
    if (!status.isDirectory() || status.uid !== process.getuid?.() || (status.mode & 0o077) !== 0) return false;
    const owner = JSON.parse(await readFile(join(folder, ownerFile), 'utf8')) as Partial<Owner>;
    return owner.space === space && typeof owner.process?.pid === 'number' && !processRuns(owner.process);
  } catch {
    // It is gone, being made, or not one of these folders.
    return false;
  }
}

/** @returns what differs between machines, and between containers of one. */
async function processSpace(): Promise<string> {
  return `${hostname()} ${await readlink('/proc/self/ns/pid').catch(() => '')}`;
}
