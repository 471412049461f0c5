import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import { AwsError } from '../../error.ts';
import type { OperationOf } from '../../operation.ts';
import { isJson } from '../../protocols/json-check.ts';
import { invokeInBackground } from '../environments/async-invoke.ts';
import { type Invocation, invokeFunction } from '../environments/invoke.ts';
import { refuseMembers } from '../error.ts';
import { functionArn, namespacedFunctionNameConstraint, qualifierConstraint, readFunctionName } from './function-name.ts';
import { functionsOf, requestedInvocable } from './functions.ts';
import { latest } from './version.ts';

/** Bytes of an event (answers recorded from Lambda). */
const largestEvent = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 } as const;

/** Invoke (Lambda API reference; answers recorded from Lambda). A function that fails is a success of the call, with `FunctionError`. */
export const invoke: OperationOf<'lambda', 'Invoke'> = {
  constraints: {
    FunctionName: namespacedFunctionNameConstraint,
    InvocationType: { values: ['Event', 'RequestResponse', 'DryRun'] },
    LogType: { values: ['None', 'Tail'] },
    Qualifier: qualifierConstraint,
  },
  action: 'lambda:InvokeFunction',
  // With the qualifier: a permission for a function is none for its versions (Lambda Developer Guide, "Fine-tuning the resources and conditions of a policy").
  resources(input, context) {
    const { name, qualifier, ...scope } = readFunctionName(input.FunctionName ?? '', context, input.Qualifier);
    return [functionArn(scope, name, qualifier)];
  },
  resourcePolicy(arn, context) {
    const { name, qualifier, ...scope } = readFunctionName(arn, context);
    return functionsOf(context.cloud, scope).find(name)?.invocable(qualifier)?.resourcePolicy.policy;
  },
  async handle(input, { cloud, requestId, ...scope }) {
    refuseMembers('Invoke', input, ['DurableExecutionName', 'TenantId']);
    const { invocable, arn } = requestedInvocable(input, { cloud, ...scope }, latest);
    const invocation = { ...(await readInvocation(input, requestId)), functionArn: arn };
    const version = invocable.pick();
    if (version.live === undefined) throw version.wrongState();
    if (input.InvocationType === 'DryRun') return { StatusCode: 204, ExecutedVersion: version.number };
    if (input.InvocationType === 'Event') {
      invokeInBackground(cloud, invocable, invocation);
      return { StatusCode: 202, Payload: asBlob(new Uint8Array()) };
    }
    const { payload, failed, logTail } = await invokeFunction(cloud, version, invocation);
    return {
      StatusCode: 200,
      ExecutedVersion: version.number,
      Payload: asBlob(payload),
      ...(failed ? { FunctionError: 'Unhandled' } : {}),
      ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(logTail).toString('base64') } : {}),
    };
  },
};

async function readInvocation(input: InvokeCommandInput, requestId: string): Promise<Omit<Invocation, 'functionArn'>> {
  // The protocol hands out bytes, whatever else the client's type lets callers give.
  const payload = input.Payload instanceof Uint8Array && input.Payload.byteLength > 0 ? input.Payload : Buffer.from('{}');
  const largest = largestEvent[input.InvocationType ?? 'RequestResponse'];
  if (payload.byteLength > largest) {
    // Widely quoted; unverified.
    const text = `Request must be smaller than ${largest} bytes for the InvokeFunction operation`;
    throw new AwsError('RequestTooLargeException', text, { status: 413 });
  }
  await checkJson(payload, 'Could not parse request body into json: Could not parse payload into json');
  if (input.ClientContext === undefined) return { requestId, payload };
  const clientContext = Buffer.from(input.ClientContext, 'base64');
  await checkJson(clientContext, 'Client context must be a valid Base64-encoded JSON object');
  return { requestId, payload, clientContext: clientContext.toString('utf8').replace(/\s+/g, ' ') };
}

/** From so many bytes on, to parse them at once would make others wait. */
const longText = 256 * 1024;

async function checkJson(bytes: Uint8Array, problem: string): Promise<void> {
  if (bytes.byteLength >= longText && (await isJson(bytes))) return;
  try {
    JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `${problem}: ${(error as Error).message}`);
  }
}

/** The SDK's output type has a method on top of the bytes, which only its clients need. */
function asBlob(bytes: Uint8Array): NonNullable<Awaited<ReturnType<typeof invoke.handle>>['Payload']> {
  return Object.assign(bytes, { transformToString: (encoding?: string) => Buffer.from(bytes).toString(encoding as BufferEncoding) });
}
