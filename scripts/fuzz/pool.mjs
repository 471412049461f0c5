import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Processes that work on tasks, so that what hangs can be ended and what crashes takes nothing else with it. Each has a
 * process group of its own: whatever it has started ends with it.
 */
export class Pool {
  #script;
  #size;
  #idle = [];
  #all = new Set();
  #waiting = [];
  #folder;

  /**
   * @param {URL} script what each process runs, with the folder as its argument. It says `ready`; of a task it may send `{ progress }`, and sends `{ answer }`.
   * @param {number} size how many there are at most
   * @param {string} folder what they write is in it, wherever they make a temporary file
   */
  constructor(script, size, folder) {
    this.#script = script;
    this.#size = size;
    this.#folder = folder;
  }

  /**
   * @param {object} task what is sent
   * @param {number} mostMs how long the answer, or the next progress, may take
   * @returns what is answered; or `{ failure, progress }`: that it does not end, or how the process has ended, and what it said last
   */
  async run(task, mostMs) {
    const child = await this.#take();
    const result = await new Promise((resolve) => {
      let progress;
      const fail = (failure) => resolve({ failure, progress });
      const late = () => fail(`it does not end within ${mostMs} ms`);
      let timer = setTimeout(late, mostMs);
      child.removeAllListeners('message').removeAllListeners('exit');
      child.on('message', (message) => {
        clearTimeout(timer);
        if ('answer' in message) resolve(message.answer);
        else timer = setTimeout(late, mostMs);
        progress = message.progress;
      });
      child.on('exit', (code, signal) => {
        clearTimeout(timer);
        fail(`the process ends with ${signal ?? code}: ${child.said.slice(-2_000)}`);
      });
      child.send(task);
    });
    if ('failure' in result) this.#end(child);
    else this.#give(child);
    return result;
  }

  /** Ends all processes, whatever they do. */
  async close() {
    this.#waiting = [];
    const ended = [...this.#all].map((child) => once(child, 'close'));
    for (const child of this.#all) this.#end(child);
    await Promise.all(ended);
  }

  async #take() {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.size < this.#size) return this.#start();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async #start() {
    const child = fork(this.#script, [this.#folder], {
      detached: true,
      env: { ...process.env, TMPDIR: this.#folder },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--max-old-space-size=1024'],
    });
    child.said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      child.said = (child.said + text).slice(-10_000);
    });
    this.#all.add(child);
    await once(child, 'message');
    return child;
  }

  #give(child) {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(child);
    else next(child);
  }

  #end(child) {
    this.#all.delete(child);
    child.removeAllListeners('exit');
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
    const next = this.#waiting.shift();
    if (next !== undefined) this.#start().then(next);
  }
}
