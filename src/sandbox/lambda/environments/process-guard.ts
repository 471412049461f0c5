import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads `+ <pid>` and `- <pid>` lines. When they end, because whoever wrote them has ended, it kills the process groups
 * that are left and removes the folder. It sits in a session of its own, so Ctrl-C in the terminal does not reach it.
 */
const script = `trap '' HUP INT TERM
pids=' '
while read -r what pid; do
  case $what in
    +) pids="$pids$pid " ;;
    -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
for pid in $pids; do kill -s KILL -- "-$pid" 2>/dev/null; done
rm -rf -- "$1"`;

/**
 * A small process that outlives this one by a moment, however this one ends: no function is left running and no temporary
 * folder is left lying, even after `kill -9`.
 */
export class ProcessGuard {
  readonly #process: ChildProcess;

  /** @param folder is removed with everything in it when this process ends. */
  constructor(folder: string) {
    this.#process = spawn('/bin/sh', ['-c', script, 'kinesis-labs-guard', folder], {
      detached: true,
      cwd: '/',
      env: {},
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#process.unref();
    // Without a guard (no /bin/sh) everything works but the cleaning up after a crash.
    this.#process.on('error', () => undefined);
    this.#process.stdin?.on('error', () => undefined);
  }

  /** From now on the process group that `pid` leads ends with this process. */
  watch(pid: number): void {
    this.#process.stdin?.write(`+ ${pid}\n`);
  }

  unwatch(pid: number): void {
    this.#process.stdin?.write(`- ${pid}\n`);
  }

  /** Lets the guard end; it removes what is left. Resolves when it is gone. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#process.pid === undefined || this.#process.exitCode !== null) return resolve();
      this.#process.on('exit', () => resolve());
      this.#process.stdin?.end();
    });
  }
}
