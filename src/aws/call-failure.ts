import { masked } from '../util/redact.ts';
import { UserError } from '../util/user-error.ts';
import { AccessLost } from './access-lost.ts';
import type { ApiCall } from './api-call.ts';
import { ApiError, WriteRefused } from './aws.ts';
import type { Target } from './target.ts';

// What AWS answers to credentials that it does not accept, over all services.
const refusedCredentials = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
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
  const reason = connectionProblem(error);
  if (reason !== undefined) {
    return lost(
      `${where(target, call)} did not answer ${call.service}:${call.operation}: ${reason}.`,
      target.endpoint === undefined
        ? `Check the network connection, and that ${target.region} is a region of AWS.`
        : 'Check that the server is running and that the URL is right.',
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

const connectionProblems: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'its name is not known (DNS)',
  EAI_AGAIN: 'its name could not be looked up (DNS)',
  ECONNRESET: 'the connection was closed',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'it takes too long',
  EHOSTUNREACH: 'it cannot be reached from here',
  ENETUNREACH: 'there is no network',
};

/** Why no answer came, or `undefined` when that was not the problem. HTTP/2 wraps the reason in an error of its own. */
function connectionProblem(error: Error): string | undefined {
  if (error.name === 'TimeoutError') return 'it takes too long';
  const code = String((error as SdkError).code ?? '');
  const known = connectionProblems[code];
  if (known !== undefined) return known;
  if (error.cause instanceof Error) {
    const reason = connectionProblem(error.cause);
    if (reason !== undefined) return reason;
  }
  return /^(E[A-Z]+|ERR_HTTP2_\w+|ERR_TLS_\w+|\w*CERT\w*)$/.test(code) ? error.message : undefined;
}
