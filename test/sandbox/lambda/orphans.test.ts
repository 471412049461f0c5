import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { lambdaSandbox } from '../../support/lambda.ts';
import { caught, fugitives, fugitivesOf, isAlive, until } from '../../support/processes.ts';
import { hasPython, needs } from '../../support/programs.ts';

const lambda = lambdaSandbox();

/** Starts processes that try to get away, and then does what it is told: wait, end, or answer. */
const nodeFunction = `
  const { spawn } = require('node:child_process');
  const { existsSync, readFileSync } = require('node:fs');
  const begun = (file) => existsSync(file) && readFileSync(file, 'utf8').includes('all');
  exports.handler = async ({ file, ending }) => {
    spawn('sh', ['-c', process.env.FUGITIVES, file], { stdio: 'inherit' });
    while (!begun(file)) await new Promise((resolve) => setTimeout(resolve, 10));
    if (ending === 'end') process.exit(1);
    while (ending === 'wait') await new Promise((resolve) => setTimeout(resolve, 1_000));
    return { pid: process.pid, home: process.env.HOME };
  };`;

const pythonFunction = `
import os, subprocess, sys, time
def begun(file):
    return os.path.exists(file) and "all" in open(file).read()
def handler(event, context):
    subprocess.Popen(["sh", "-c", os.environ["FUGITIVES"], event["file"]])
    while not begun(event["file"]):
        time.sleep(0.01)
    if event["ending"] == "end":
        os._exit(1)
    while event["ending"] == "wait":
        time.sleep(1)
`;

async function deploy(code: string | Readonly<Record<string, string>>, settings = {}): Promise<string> {
  return lambda.deploy(code, { Environment: { Variables: { FUGITIVES: fugitives } }, Timeout: 2, ...settings });
}

function newFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'kinesis-labs-test-')), 'pids');
}

describe('Whatever a Node.js function has started, in a session of its own or forsaken by its parents, ends', () => {
  it.each(['wait', 'end'])('when it is told to %s, and so does not answer', async (ending) => {
    const name = await deploy(nodeFunction);
    const file = newFile();
    expect((await lambda.invoke(name, { file, ending })).error).toBe('Unhandled');
    await caught(await fugitivesOf(file));
  });

  it('when its environment does, and its files go with it', async () => {
    const name = await deploy(nodeFunction);
    const file = newFile();
    const { pid, home } = (await lambda.invoke(name, { file, ending: 'answer' })).answer as { pid: number; home: string };
    expect([isAlive(pid), existsSync(home)]).toEqual([true, true]);
    await lambda.client.send(new DeleteFunctionCommand({ FunctionName: name }));
    await caught({ ...(await fugitivesOf(file)), leader: pid });
    await until(() => !existsSync(dirname(home)));
  });
});

describe.skipIf(!hasPython)(`Whatever a Python function has started ends, too${needs('python3', hasPython)}`, () => {
  it.each(['wait', 'end'])('when it is told to %s', async (ending) => {
    const name = await deploy({ 'index.py': pythonFunction }, { Runtime: 'python3.13' });
    const file = newFile();
    expect((await lambda.invoke(name, { file, ending })).error).toBe('Unhandled');
    await caught(await fugitivesOf(file));
  });
});
