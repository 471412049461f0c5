import { AwsError } from './error.ts';
import { notImplemented } from './not-implemented.ts';
import { escaped } from './protocols/xml-text.ts';
import { plain, type WireRequest, type WireResponse } from './wire.ts';

/** The operations of STS that are called by those who have no credentials yet (STS API reference). */
const unsigned = ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'];

/**
 * The answer for a service that the sandbox does not have, or for nobody's: by name, and in XML to clients that read
 * nothing else, which are those that send forms (SNS, CloudFormation, …).
 */
export function unknownService(request: WireRequest, signingName: string | undefined): WireResponse {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const { code, status, message } = isForm ? ofForm(request, signingName) : refusal(request, signingName);
  if (!isForm) return plain(status, { __type: code, message });
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml', 'content-length': String(Buffer.byteLength(body)) }, body };
}

function refusal({ headers }: WireRequest, signingName: string | undefined): AwsError {
  const { authorization, 'x-amz-target': target } = headers;
  if (authorization === undefined && target === undefined) {
    return new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', { status: 403 });
  }
  return new AwsError('UnknownOperationException', `This sandbox has no service that answers to '${target ?? signingName ?? 'unknown'}'.`);
}

/** Services that take forms have their own code for a request that is not signed (IAM User Guide, "Troubleshoot Signature Version 4 signing"). */
function ofForm(request: WireRequest, signingName: string | undefined): AwsError {
  const action = new URLSearchParams(request.body.toString()).get('Action') ?? '';
  if (unsigned.includes(action)) return notImplemented(`sts:${action}`);
  const refused = refusal(request, signingName);
  if (refused.status !== 403) return refused;
  return new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', { status: 403 });
}
