import type { InputOf, OutputOf } from '../../util/sdk.ts';
import { phrase } from '../finding.ts';
import { otherRuntime } from './idle-code.ts';

/** What a step says about a function that can be changed later. */
interface Settings {
  readonly role: string;
  readonly handler: string;
  readonly runtime: string;
  /** Seconds. */
  readonly timeout?: number | undefined;
  /** MB. */
  readonly memory?: number | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** What Lambda says about a function. */
export type Configuration = OutputOf<'lambda', 'GetFunctionConfiguration'>;

/** The settings as the API calls them. */
export function configuration({ role, handler, runtime, timeout, memory, environment }: Settings) {
  return {
    // Which runtimes there are is for Lambda to say; the SDK knows those of its own day.
    Runtime: runtime as NonNullable<InputOf<'lambda', 'CreateFunction'>['Runtime']>,
    Role: role,
    Handler: handler,
    ...(timeout === undefined ? {} : { Timeout: timeout }),
    ...(memory === undefined ? {} : { MemorySize: memory }),
    ...(environment === undefined ? {} : { Environment: { Variables: environment } }),
  };
}

/** One thing that is compared. */
interface Setting {
  readonly fact: string;
  readonly expected: string;
  readonly observed: (found: Configuration) => unknown;
  readonly hint: string;
  /** What makes it another one than the step asks for. */
  readonly wrong?: Omit<InputOf<'lambda', 'UpdateFunctionConfiguration'>, 'FunctionName'>;
}

function setting(fact: string, expected: unknown, observed: Setting['observed'], wrong: NonNullable<Setting['wrong']>): Setting {
  return { fact, expected: phrase(expected), observed, hint: '', wrong };
}

/** What is compared, as far as the step asks for it. */
export function settings(input: Settings): readonly Setting[] {
  const { role, handler, runtime, timeout, memory, environment } = input;
  return [
    { fact: 'runtime', expected: runtime, observed: (found) => found.Runtime, hint: '', wrong: { Runtime: otherRuntime(runtime) } },
    {
      fact: 'handler',
      expected: handler,
      observed: (found) => found.Handler,
      hint: 'Lambda looks for the file and the export that the handler names.',
      wrong: { Handler: `${handler}Other` },
    },
    { fact: 'execution role', expected: role, observed: (found) => found.Role, hint: 'The function may do what its role may do.' },
    ...(timeout === undefined
      ? []
      : [setting('timeout', timeout, (found) => found.Timeout, { Timeout: timeout === 900 ? 899 : timeout + 1 })]),
    ...(memory === undefined
      ? []
      : [setting('memory', memory, (found) => found.MemorySize, { MemorySize: memory === 10_240 ? 10_239 : memory + 1 })]),
    ...Object.entries(environment ?? {}).map(([variable, value]) =>
      setting(`environment variable ${variable}`, value, (found) => found.Environment?.Variables?.[variable], {
        Environment: { Variables: { ...environment, [variable]: `not ${value}` } },
      }),
    ),
  ];
}
