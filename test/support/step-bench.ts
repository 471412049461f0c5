import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type ApiCall, isReadOnly } from '../../src/aws/api-call.ts';
import { type AwsSession, openSession } from '../../src/aws/session.ts';
import type { Target } from '../../src/aws/target.ts';
import { createWait } from '../../src/aws/wait.ts';
import { createCommandRunner } from '../../src/cli/command-runner.ts';
import { sandboxEnvironment } from '../../src/cli/sandbox-environment.ts';
import { Answers } from '../../src/runner/answers.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';
import type { Command, CommandResult, RunCommand } from '../../src/steps/command.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import type { Finding, Step, StepContext, StepKind } from '../../src/steps/step.ts';

/** The account of the ARNs in the examples of step kinds. */
export const account = '123456789012';

export const assets = fileURLToPath(new URL('../../assets/', import.meta.url));

/** A session on the bench's sandbox, and what went through it. */
interface Visit {
  readonly context: StepContext;
  readonly calls: readonly ApiCall[];
  /** Calls that were made and are not read-only. */
  readonly writes: readonly ApiCall[];
  /** What was waited for. */
  readonly waits: readonly string[];
  /** What steps noted as found, with the call that it is the answer to. */
  readonly found: readonly { readonly call: ApiCall; readonly answer: unknown }[];
}

/** A sandbox of its own, in which time passes as fast as the work allows, with sessions to run steps in. */
export interface Bench {
  readonly sandbox: Sandbox;
  readonly target: Target;
  /** Exceptions that are bugs of the sandbox. */
  readonly bugs: readonly unknown[];
  /** Runs commands that reach the sandbox. */
  readonly runCommand: RunCommand;
  visit(options?: { readonly readOnly?: boolean }): Visit;
  close(): Promise<void>;
}

/** @param propagationMs for how long a new role may be unknown to other services */
export async function openBench(options: SandboxOptions = {}, propagationMs = 2_000): Promise<Bench> {
  const bugs: unknown[] = [];
  const sandbox = await startSandbox({ account, virtualTime: true, onBug: (error) => bugs.push(error), ...options });
  const sessions: AwsSession[] = [];
  const { endpoint, region, credentials, clock } = sandbox;
  const target: Target = { label: 'bench', endpoint, region, credentials, propagationMs, billed: false };
  const runCommand = createCommandRunner({ environment: sandboxEnvironment(sandbox) }, { env: { PATH: process.env['PATH'] } });
  const never = new AbortController().signal;
  return {
    sandbox,
    target,
    bugs,
    runCommand,
    visit({ readOnly = false } = {}) {
      const waits: string[] = [];
      const wait = createWait({ clock, onWaiting: (what) => waits.push(what) });
      const calls: ApiCall[] = [];
      const writes: ApiCall[] = [];
      const found: { call: ApiCall; answer: unknown }[] = [];
      const answers = new Answers();
      const ended: { command: Command; result: CommandResult }[] = [];
      const aws = openSession({
        target,
        readOnly,
        clock,
        wait,
        onCall({ call, answer, error }) {
          if (error === undefined) answers.add(call, answer);
          calls.push(call);
          if (!isReadOnly(call)) writes.push(call);
        },
      });
      sessions.push(aws);
      const context: StepContext = {
        aws,
        wait,
        nonce: 'nonce-1',
        found(call, answer) {
          answers.add(call, answer);
          found.push({ call, answer });
        },
        answered: (call) => answers.known(call)?.answer,
        commands: {
          async run(command) {
            const result = await runCommand(command, never);
            ended.push({ command, result });
            return result;
          },
          ended: (command) => ended.findLast((each) => isDeepStrictEqual(each.command, command))?.result,
        },
      };
      return { context, calls, writes, waits, found };
    },
    async close() {
      for (const session of sessions) session.destroy();
      await sandbox.stop();
    },
  };
}

/** The step kind of that name. @throws when there is none. */
export async function kindOf(name: string): Promise<StepKind> {
  const kind = await stepKinds.load(name);
  if (kind === undefined) throw new Error(`There is no step kind ${name}.`);
  return kind;
}

/** Binds a step as a plan does: folders are looked up below the assets. */
export async function stepOf(name: string, input: unknown): Promise<Step> {
  const kind = await kindOf(name);
  const { code, files } = input as { readonly code?: string; readonly files?: string };
  const found = { ...(code === undefined ? {} : { code: assets + code }), ...(files === undefined ? {} : { files: assets + files }) };
  return kind.bind({ ...(input as object), ...found });
}

export function failed(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ ok }) => !ok);
}
