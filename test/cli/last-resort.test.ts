import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, mainFile, RunningCli, RunningProgram, scrubbedEnvironment } from '../support/cli.ts';
import { writeLab } from '../support/page.ts';
import { type ProgramBench, programBench } from '../support/program-bench.ts';

let bench: ProgramBench;
beforeEach(async () => {
  bench = await programBench();
});
afterEach(() => bench.stop());

/** Runs the program with its output led somewhere by the shell. @returns how the program itself ended. */
function led(where: string, ...args: readonly string[]): Promise<Ended> {
  const env = { ...scrubbedEnvironment(bench.home), ...bench.env };
  const script = `"$0" "$@" ${where}; exit "\${PIPESTATUS[0]}"`;
  return new RunningProgram('/bin/bash', ['-c', script, process.execPath, mainFile, ...args], { env, cwd: bench.home }).ended();
}

/** Starts the program with a bug: a module that is loaded before it. */
function startBuggy(module: string, ...args: readonly string[]): RunningCli {
  const file = join(bench.home, 'bug.mjs');
  writeFileSync(file, module);
  return new RunningCli(args, { home: bench.home, env: { ...bench.env, NODE_OPTIONS: `--import=${file}` } });
}

/** Puts something into the place of a text in a module of the program. */
function altered(file: string, text: string, by: string): string {
  const hook = `export async function load(url, context, next) {
    const loaded = await next(url, context);
    return url.endsWith(${JSON.stringify(file)}) ? { ...loaded, source: String(loaded.source).replace(${JSON.stringify(text)}, ${JSON.stringify(by)}) } : loaded;
  }`;
  return `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)});`;
}

const stackTrace = /\n\s+at .+:\d+/;

describe('output', () => {
  it('that nobody reads any more keeps nothing from being done and taken down, and is no failure', async () => {
    const { code, stdout, stderr } = await led('| head -2', 'start', writeLab(bench.home, ['stream', 'record']), '--yes');
    expect(stdout).toBe('\nLab 07: Streams\n');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(bench.entries().map(({ entry }) => entry)).toContain('removed');
    expect(bench.alive()).toEqual([]);
  });

  it('of a short command can be left unread', async () => {
    expect(await led('| true', 'list')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('for which there is no room keeps nothing from being taken down, is told once, and is a failure', async () => {
    const { code, stderr } = await led('> /dev/full', 'start', writeLab(bench.home, ['stream', 'record']), '--yes');
    expect(stderr).toBe('kinesis-labs: What is printed cannot be written: the disk is full. The work goes on without that.\n');
    expect(code).toBe(3);
    expect(bench.alive()).toEqual([]);
    expect(await led('> /dev/full', 'export', '01')).toMatchObject({ code: 3, stderr: expect.stringContaining('the disk is full') });
  });
});

describe('a bug of the program', () => {
  it('in a step ends the lab with 3, says what to report, and leaves nothing', async () => {
    const bug = altered('/steps/aws/call.js', 'async check(', 'async check() { return undefined.facts; }, async unused(');
    const { code, stdout } = await startBuggy(bug, 'start', writeLab(bench.home, ['stream', 'content', 'record']), '--yes').ended();
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      "✗ This is a bug in kinesis-labs: Cannot read properties of undefined (reading 'facts') Please report it, with what -v says about where",
    );
    expect(stdout).not.toMatch(stackTrace);
    expect(stdout).toContain('Could not run step "content". 1 of 3 steps met');
    expect(stdout).toContain('✓ stream orders\n');
    expect(code).toBe(3);
    expect(bench.alive()).toEqual([]);
  });

  it('in a step shows where it is to whoever wants to see it', async () => {
    const bug = altered('/steps/aws/call.js', 'async check(', 'async check() { return undefined.facts; }, async unused(');
    const { code, stderr } = await startBuggy(bug, 'start', writeLab(bench.home, ['content']), '--yes', '-v').ended();
    expect(stderr).toMatch(/This is a bug in kinesis-labs: .*'facts'\)\n[\s\S]*at .*call\.js:\d+/);
    expect(code).toBe(3);
  });

  it.each([
    ['an exception that nobody caught', "throw new Error('nobody catches this')"],
    ['a promise that nobody waits for', "void Promise.reject(new Error('nobody catches this'))"],
  ])('that shows as %s ends the lab with 3, says what to report, and leaves nothing', async (_how, bug) => {
    const running = startBuggy(`process.on('SIGUSR2', () => { ${bug}; });`, 'start', writeLab(bench.home, ['stream', 'silence']), '--yes');
    await running.shows('/nobody/writes');
    running.kill('SIGUSR2');
    const { code, stdout, stderr } = await running.ended();
    expect(stderr).toContain('kinesis-labs: This is a bug in kinesis-labs: nobody catches this\nPlease report it, with what -v says');
    expect(stderr).not.toMatch(stackTrace);
    expect(stdout).toContain('✓ stream orders');
    expect(stdout).toContain('Nothing is left behind.');
    expect(code).toBe(3);
    expect(bench.alive()).toEqual([]);
  });

  it('that shows where there is nothing to take down is no success either', async () => {
    const text = 'export async function list(';
    const bug = altered('/cli/commands/list.js', text, `setImmediate(() => { throw new Error('nobody catches this'); }); ${text}`);
    const { code, stdout, stderr } = await startBuggy(bug, 'list').ended();
    expect(stderr).toContain('This is a bug in kinesis-labs: nobody catches this');
    expect(stdout).toContain('Hello, Kinesis');
    expect(code).toBe(3);
  });
});
