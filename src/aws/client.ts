import { isDeepStrictEqual } from 'node:util';
import { didYouMean } from '../util/closest.ts';
import { isMapping } from '../util/json.ts';
import { type ServiceName, sdk } from '../util/sdk.ts';
import { UserError } from '../util/user-error.ts';
import { type ApiCall, isReadOnly } from './api-call.ts';
import { WriteRefused } from './aws.ts';
import { requestHandler } from './connections.ts';
import type { Target } from './target.ts';

/** What the SDK answers: the members of the answer, and what it knows about the exchange. */
export type SdkAnswer = Readonly<Record<string, unknown>> & {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
};

interface CommandArguments {
  readonly input: Readonly<Record<string, unknown>>;
}
type CommandHandler = (args: CommandArguments) => Promise<unknown>;

/** What all clients of the SDK have in common, as far as this program uses it. */
export interface SdkClient {
  send(command: object, options: { readonly abortSignal?: AbortSignal }): Promise<SdkAnswer>;
  destroy(): void;
  readonly config: {
    /** Setting them changes what is signed from then on. */
    credentials: Target['credentials'];
    /** Milliseconds by which the clock of AWS was ahead of this machine's at the last answer, which told whole seconds. */
    readonly systemClockOffset: number;
  };
  readonly middlewareStack: {
    add(
      middleware: (next: CommandHandler, context: { readonly commandName?: string }) => CommandHandler,
      options: {
        readonly step: 'initialize' | 'finalizeRequest';
        readonly priority: 'high';
        readonly name: string;
        /** Takes the place of the one that has this name. */
        readonly override?: boolean;
      },
    ): void;
    remove(name: string): boolean;
  };
}

/** What is let through. */
export interface WriteGuard {
  /** Refuses every call that is not read-only. */
  readonly readOnly: boolean;
  /** The one write that is let through all the same, with just this input. */
  readonly except?: ApiCall | undefined;
}

interface ClientOptions extends WriteGuard {
  /** How requests go out. Default: over connections of its own. */
  readonly requestHandler?: object;
}

/**
 * Makes the SDK's client of a service. What it is not to let through it refuses before anything is built or signed, whoever uses
 * it.
 */
export async function createClient(service: ServiceName, target: Target, options: ClientOptions): Promise<SdkClient> {
  const Client = loadModule(service)[sdk[service].client] as new (config: object) => SdkClient;
  const client = new Client({
    region: target.region,
    credentials: target.credentials,
    systemClockOffset: target.clockOffsetMs ?? 0,
    // Whoever calls decides about the next attempt, by the clock of the run.
    maxAttempts: 1,
    // Where the environment leads was decided once for all services; the SDK would look again for each.
    ignoreConfiguredEndpointUrls: true,
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint, ...pathStyle(service) }),
    requestHandler: options.requestHandler ?? (await requestHandler(target)),
    // What is set in the environment for these matters to attempts and timeouts, which are decided here.
    retryMode: 'standard',
    defaultsMode: 'legacy',
  });
  // What would only count one attempt, and write nothing into no log, takes a fifth of the time of a call.
  client.middlewareStack.add((next) => next, { step: 'finalizeRequest', priority: 'high', name: 'retryMiddleware', override: true });
  client.middlewareStack.remove('loggerMiddleware');
  if (options.readOnly) {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const call: ApiCall = { service, operation: (context.commandName ?? '').replace(/Command$/, ''), input: args.input };
        refuseWrite(call, options);
        return next(args);
      },
      { step: 'initialize', priority: 'high', name: 'refuseWrites' },
    );
  }
  return client;
}

/** @throws {WriteRefused} for a call that is not to be let through. */
export function refuseWrite(call: ApiCall, { readOnly, except }: WriteGuard): void {
  if (!readOnly || isReadOnly(call)) return;
  const { service, operation, input } = call;
  if (service !== except?.service || operation !== except.operation || !isDeepStrictEqual(input, except.input))
    throw new WriteRefused(call);
}

/**
 * The SDK's command for a call.
 * @throws {UserError} when the service has no such operation.
 */
export async function createCommand(call: ApiCall): Promise<object> {
  const module = loadModule(call.service);
  const error = unknownOperation(call, module);
  if (error !== undefined) throw error;
  return new (module[commandName(call)] as new (input: ApiCall['input']) => object)(call.input);
}

/** The error for an operation that a package of the SDK does not have; `undefined` when it has it. */
export function unknownOperation(call: ApiCall, module: Readonly<Record<string, unknown>>): UserError | undefined {
  if (typeof module[commandName(call)] === 'function') return undefined;
  const operations = Object.keys(module).flatMap((name) => (name.endsWith('Command') ? [name.slice(0, -'Command'.length)] : []));
  return new UserError(`The service ${call.service} has no operation ${call.operation}.`, {
    hint: didYouMean(call.operation, operations) ?? 'Operations are spelled as in the AWS API reference, for example ListStreams.',
  });
}

const commandName = ({ operation }: ApiCall): string => `${operation}Command`;

/** S3 puts the name of the bucket in front of the host, where only AWS's own names lead anywhere. */
function pathStyle(service: ServiceName): { readonly forcePathStyle?: boolean } {
  return service === 's3' ? { forcePathStyle: true } : {};
}

/** The same answer with bytes in place of a body that the SDK would read as it comes. */
export async function withBodyRead(answer: SdkAnswer): Promise<SdkAnswer> {
  const read = async ([member, value]: readonly [string, unknown]) => [
    member,
    isStreamed(value) ? await value.transformToByteArray() : value,
  ];
  if (!Object.values(answer).some(isStreamed)) return answer;
  return Object.fromEntries(await Promise.all(Object.entries(answer).map(read)));
}

function isStreamed(value: unknown): value is { transformToByteArray(): Promise<Uint8Array> } {
  return isMapping(value) && typeof value['transformToByteArray'] === 'function';
}

type SdkModule = Readonly<Record<string, unknown>>;

function loadModule(service: ServiceName): SdkModule {
  return sdk[service].load() as unknown as SdkModule;
}
