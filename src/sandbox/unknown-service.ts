import { escaped } from './protocols/xml-text.ts';
import { plain, type WireRequest, type WireResponse } from './wire.ts';

/**
 * The answer for a service that the sandbox does not have, or for nobody's: by name, and in XML to clients that read
 * nothing else, which are those that send forms (SNS, CloudFormation, …).
 */
export function unknownService(request: WireRequest, signingName: string | undefined): WireResponse {
  const { authorization, 'x-amz-target': target, 'content-type': type = '' } = request.headers;
  if (authorization === undefined && target === undefined) {
    return plain(403, { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' });
  }
  const code = 'UnknownOperationException';
  const message = `This sandbox has no service that answers to '${target ?? signingName ?? 'unknown'}'.`;
  if (!type.startsWith('application/x-www-form-urlencoded')) return plain(400, { __type: code, message });
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>`;
  return { status: 400, headers: { 'content-type': 'text/xml', 'content-length': String(Buffer.byteLength(body)) }, body };
}
