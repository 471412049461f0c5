import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads `+ <pid>`, `~ <pid>` and `- <pid>` lines, and `. <pid>` when there is nothing left to do. When they end, because whoever
 * wrote them has ended, it ends what is left, as `endFamily` does: the groups of these leaders, and what carries the path of the
 * folder in its environment; those with a tilde are told first that their terminal is gone, and given two seconds. Then it removes the
 * folder. It sits in a session of its own, so Ctrl-C in the terminal does not reach it.
 */
const script = `trap '' HUP INT TERM
pids=' '
told=' '
while read -r what pid; do
  case $what in
    +) pids="$pids$pid " ;;
    "~") pids="$pids$pid "; told="$told$pid " ;;
    .) exit ;;
    -) pids="\${pids%% $pid *} \${pids#* $pid }"
      case $told in *" $pid "*) told="\${told%% $pid *} \${told#* $pid }" ;; esac ;;
  esac
done
for pid in $told; do
  kill -s HUP "$pid"; kill -s CONT "$pid"
  for tenth in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    kill -s 0 "$pid" || break
    sleep 0.1
  done
  kill -s 0 "$pid" || pids="\${pids%% $pid *} \${pids#* $pid }"
done 2>/dev/null
relations() {
  if [ -d /proc/self ]; then sed -n 's/^\\([0-9]*\\) (.*) [A-Za-z] \\([0-9]*\\) \\([0-9]*\\) .*/\\1 \\2 \\3/p' /proc/[0-9]*/stat
  else ps -A -o pid= -o ppid= -o pgid=; fi 2>/dev/null
}
for round in 1 2 3 4 5; do
  marked=$(grep -lsF -e "$1" /proc/[0-9]*/environ | sed 's/[^0-9]//g')
  [ -n "\${pids# }$marked" ] || break
  family=$(relations | awk -v found="$pids $marked" '{ parent[$1] = $2; group[$1] = $3 } END {
    n = split(found, pids, " "); for (i = 1; i <= n; i++) member[pids[i]] = 1
    do {
      more = 0
      for (pid in parent) if (!(pid in member) && ((parent[pid] in member) || (group[pid] in member))) { member[pid] = 1; more = 1 }
    } while (more)
    for (pid in member) print pid
  }')
  for pid in $pids; do kill -s KILL -- "-$pid"; done 2>/dev/null
  for pid in $family; do kill -s KILL "$pid"; done 2>/dev/null
  pids=' '
done
rm -rf -- "$1"`;

/** How something ends with the process that has started it. */
export type Ending = 'killed' | 'hung-up';

/**
 * A small process that outlives this one by a moment, however this one ends: nothing that was watched is left running and no
 * temporary folder is left lying, even after `kill -9`.
 */
export class ProcessGuard {
  readonly #process: ChildProcess;

  /** @param folder is removed with everything in it when this process ends. */
  constructor(folder: string) {
    this.#process = spawn('/bin/sh', ['-c', script, 'kinesis-labs-guard', folder], {
      detached: true,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#process.unref();
    // Without a guard (no /bin/sh) everything works but the cleaning up after a crash.
    this.#process.on('error', () => undefined);
    this.#process.stdin?.on('error', () => undefined);
  }

  /**
   * From now on the process group that `pid` leads ends with this process, and so does what descends from it: at once, or where
   * it is a shell that somebody works in, as when its terminal goes.
   */
  watch(pid: number, ending: Ending): void {
    this.#process.stdin?.write(`${ending === 'killed' ? '+' : '~'} ${pid}\n`);
  }

  unwatch(pid: number): void {
    this.#process.stdin?.write(`- ${pid}\n`);
  }

  /** Lets the guard end, because nothing is left. Resolves when it is gone. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#process.pid === undefined || this.#process.exitCode !== null) return resolve();
      this.#process.on('exit', () => resolve());
      this.#process.stdin?.end('. 0\n');
    });
  }
}
