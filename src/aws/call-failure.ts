import { masked } from '../util/redact.ts';
import { UserError } from '../util/user-error.ts';
import { AccessLost } from './access-lost.ts';
import type { ApiCall } from './api-call.ts';
import { ApiError, WriteRefused } from './aws.ts';
import type { Target } from './target.ts';

// What AWS answers to credentials that it does not accept any more, and to those that it never did, over all services.
const expiredCredentials = new Set(['ExpiredToken', 'ExpiredTokenException']);
const refusedCredentials = new Set([
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'RequestExpired',
]);

interface SdkError extends Error {
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/**
 * Puts what the SDK threw into this program's words: an `ApiError` for what AWS answered, `AccessLost` where no answer
 * came or the credentials are the problem, because then no other call can succeed either. What the SDK threw is not
 * kept as the cause: it holds the whole exchange, signature and all.
 */
export function callFailure(call: ApiCall, target: Target, error: unknown): Error {
  if (error instanceof UserError || error instanceof WriteRefused) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  const { name, message, $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status > 0) {
    if (expiredCredentials.has(name)) {
      return lost(
        `The credentials have expired: ${where(target, call)} answered ${name} (${message})`,
        target.endpoint === undefined
          ? 'Sign in again: aws sso login, or new keys.'
          : 'Get new ones, and put them where these came from: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile.',
        { reason: 'credentials', scope: 'everything' },
      );
    }
    if (refusedCredentials.has(name)) {
      return lost(
        `The credentials were not accepted by ${where(target, call)}: ${message}`,
        target.endpoint === undefined
          ? 'Sign in again (aws sso login, or new access keys), and check that the clock of this machine is right.'
          : 'Give the access key and the secret that this endpoint expects: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
        { reason: 'credentials', scope: 'everything' },
      );
    }
    // What the SDK says about a body that holds no error of AWS.
    const said = message !== '' && !/^Unknown(Error)?$|Deserialization error/.test(message);
    return new ApiError(call, {
      code: name,
      message: said ? message : `HTTP status ${status}, without an error text. Is it AWS that answers at ${where(target, call)}?`,
      status,
      requestId: $metadata?.requestId,
    });
  }
  if (isCredentialFailure(error)) return credentialFailure(error);
  const problem = connectionProblem(error);
  if (problem !== undefined) {
    return lost(
      `${where(target, call)} did not answer ${call.service}:${call.operation}: ${problem.reason}.`,
      target.endpoint === undefined ? `Check the network connection, and that ${target.region} is a region of AWS.` : lookForServer,
      { reason: 'network', scope: target.endpoint === undefined ? 'service' : 'everything' },
    );
  }
  return new ApiError(call, { code: name, message, status: 0 });
}

function isCredentialFailure({ name }: Error): boolean {
  return /^(CredentialsProviderError|ProviderError|TokenProviderError)$/.test(name);
}

/** Puts what the SDK threw while it looked for credentials into this program's words. */
export function credentialFailure(error: unknown): Error {
  if (error instanceof UserError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return lost(
    `No AWS credentials could be loaded: ${withoutCommand(message)}`,
    'Run aws configure or aws sso login, choose a profile with --profile, or leave --target out to work without an account.',
    { reason: 'credentials', scope: 'everything' },
  );
}

/** What to do where nobody answers at an endpoint. */
export const lookForServer = 'Check that the server is running and that the URL is right.';

const longestMessage = 500;

/** A `credential_process` that fails is told with its whole command line, which may hold a password, and all that it has printed. */
function withoutCommand(message: string): string {
  const [first = '', ...rest] = message.split('\n');
  const said = first.startsWith('Command failed:') ? `the credential_process of the profile failed. ${rest.join('\n').trim()}` : message;
  return masked(said.length <= longestMessage ? said : `${said.slice(0, longestMessage)}…`).trim();
}

function lost(message: string, hint: string, what: Pick<AccessLost, 'reason' | 'scope'>): AccessLost {
  return new AccessLost(message, { hint, ...what });
}

function where(target: Target, call: ApiCall): string {
  return target.endpoint ?? `AWS (${call.service}, ${target.region})`;
}

/** Why no answer came. */
export interface ConnectionProblem {
  readonly reason: string;
  /** Whether it may be over soon. */
  readonly passing: boolean;
  /** Whether the request may have arrived. */
  readonly sent: boolean;
}

const closed: ConnectionProblem = { reason: 'the connection was closed', passing: true, sent: true };
const tooLong: ConnectionProblem = { reason: 'it takes too long', passing: true, sent: true };

const connectionProblems: Readonly<Record<string, ConnectionProblem>> = {
  ECONNREFUSED: { reason: 'nothing listens there (connection refused)', passing: true, sent: false },
  ENOTFOUND: { reason: 'its name is not known (DNS)', passing: true, sent: false },
  EAI_AGAIN: { reason: 'its name could not be looked up (DNS)', passing: true, sent: false },
  EHOSTUNREACH: { reason: 'it cannot be reached from here', passing: true, sent: false },
  ENETUNREACH: { reason: 'there is no network', passing: true, sent: false },
  ECONNRESET: closed,
  EPIPE: closed,
  ETIMEDOUT: tooLong,
};

/** Why no answer came, or `undefined` when that was not the problem. HTTP/2 wraps the reason in an error of its own. */
export function connectionProblem(error: Error): ConnectionProblem | undefined {
  const code = String((error as SdkError).code ?? '');
  // The SDK calls it a timeout as well when the connection was closed.
  const known = connectionProblems[code] ?? (error.name === 'TimeoutError' ? tooLong : undefined);
  if (known !== undefined) return known;
  if (error.cause instanceof Error) {
    const problem = connectionProblem(error.cause);
    if (problem !== undefined) return problem;
  }
  if (/^ERR_HTTP2_\w+$/.test(code)) return { reason: error.message, passing: true, sent: true };
  return /^(E[A-Z]+|ERR_TLS_\w+|\w*CERT\w*)$/.test(code) ? { reason: error.message, passing: false, sent: false } : undefined;
}
