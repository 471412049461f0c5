import type { AwsError } from '../error.ts';

/** How a JSON service that spoke the query protocol before puts the error codes of that time beside those of today. */
export interface QueryErrors {
  describe(error: AwsError): { readonly type: string; readonly headers: Readonly<Record<string, string>> };
}

/** The errors that all services share, and the codes that they had in the query protocol. */
const sharedCodes: ReadonlyMap<string, string> = new Map([
  ['AccessDeniedException', 'AccessDenied'],
  ['IncompleteSignatureException', 'IncompleteSignature'],
  ['InvalidParameterValueException', 'InvalidParameterValue'],
  ['InvalidSignatureException', 'SignatureDoesNotMatch'],
  ['MissingAuthenticationTokenException', 'MissingAuthenticationToken'],
  ['MissingRequiredParameterException', 'MissingParameter'],
  ['SerializationException', 'MalformedInput'],
  ['UnknownOperationException', 'InvalidAction'],
  ['UnrecognizedClientException', 'InvalidClientTokenId'],
]);

/** The code that an error had in the query protocol. */
export function queryErrorCode(error: AwsError, modelled: ReadonlyMap<string, string> = new Map()): string {
  return modelled.get(error.code) ?? sharedCodes.get(error.code) ?? error.code;
}

/**
 * @param namespace of the service's own errors, as the model names them: `com.amazonaws.sqs`. All others come from the
 *   framework that AWS's services are built on, and are named after that.
 * @param modelled the service's own errors by the name of their shape, with the code of the query protocol
 */
export function queryErrors(namespace: string, modelled: ReadonlyMap<string, string>): QueryErrors {
  return {
    describe(error) {
      const fault = error.status >= 500 ? 'Receiver' : 'Sender';
      return {
        type: `${modelled.has(error.code) ? namespace : 'com.amazon.coral.service'}#${error.code}`,
        headers: { 'x-amzn-query-error': `${queryErrorCode(error, modelled)};${fault}` },
      };
    },
  };
}
