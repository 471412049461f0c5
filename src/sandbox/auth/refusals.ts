/** One answer to a request whose signature is not accepted. */
export interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly text: string;
}

/** What a family of services answers to requests whose signature is not accepted. */
export interface Refusals {
  readonly unknownKey: Refusal;
  /** Temporary credentials come with their token, and long-term ones with none. */
  readonly wrongToken: Refusal;
  readonly expiredToken: Refusal;
  readonly badSignature: Refusal;
  /** There is a body, and a header with the hash of another one. */
  readonly otherBody: Refusal;
  /** The texts say what is wrong with the scope: the date, the region or the service that the signature is for. */
  wrongScope(text: string): Refusal;
  /** @param how in AWS's words, with the times. */
  skewed(how: string): Refusal;
  /** A presigned URL whose time is over, or has not come. */
  presignedOutOfTime(how: string, over: boolean): Refusal;
  tooLarge(most: number, operation: string): Refusal;
  /** How far the time of a signature may be off, in milliseconds. */
  readonly toleratedSkew: number;
}

const minute = 60_000;

/** The texts that all families but S3 share (recorded from Kinesis; IAM User Guide, "Troubleshoot Signature Version 4 signing"). */
const texts = {
  invalidToken: 'The security token included in the request is invalid.',
  expiredToken: 'The security token included in the request is expired',
  badSignature:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
} as const;

function family(status: number, codes: { readonly unknownKey: string; readonly badSignature: string; readonly expired: string }): Refusals {
  const badSignature = (text: string): Refusal => ({ code: codes.badSignature, status, text });
  const wrongToken: Refusal = { code: codes.unknownKey, status, text: texts.invalidToken };
  return {
    unknownKey: wrongToken,
    wrongToken,
    expiredToken: { code: codes.expired, status, text: texts.expiredToken },
    badSignature: badSignature(texts.badSignature),
    otherBody: badSignature(texts.badSignature),
    wrongScope: badSignature,
    skewed: badSignature,
    presignedOutOfTime: badSignature,
    // Recorded from Lambda, whose requests are the largest; of the other services it is unverified.
    tooLarge: (most, operation) => ({
      code: 'RequestEntityTooLargeException',
      status: 413,
      text: `Request must be smaller than ${most} bytes for the ${operation} operation`,
    }),
    toleratedSkew: 5 * minute,
  };
}

const json = { unknownKey: 'UnrecognizedClientException', badSignature: 'InvalidSignatureException', expired: 'ExpiredTokenException' };

export const jsonRefusals: Refusals = family(400, json);
export const restRefusals: Refusals = family(403, json);
export const queryRefusals: Refusals = family(403, {
  unknownKey: 'InvalidClientTokenId',
  badSignature: 'SignatureDoesNotMatch',
  expired: 'ExpiredToken',
});

/** S3 has codes and texts of its own, and is content with a clock that is a quarter of an hour off (Amazon S3 API reference, "Error responses"). */
export const s3Refusals: Refusals = {
  unknownKey: { code: 'InvalidAccessKeyId', status: 403, text: 'The AWS Access Key Id you provided does not exist in our records.' },
  wrongToken: { code: 'InvalidToken', status: 400, text: 'The provided token is malformed or otherwise invalid.' },
  expiredToken: { code: 'ExpiredToken', status: 400, text: 'The provided token has expired.' },
  badSignature: {
    code: 'SignatureDoesNotMatch',
    status: 403,
    text: 'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  },
  otherBody: {
    code: 'XAmzContentSHA256Mismatch',
    status: 400,
    text: "The provided 'x-amz-content-sha256' header does not match what was computed.",
  },
  wrongScope: (text) => ({ code: 'AuthorizationHeaderMalformed', status: 400, text: `The authorization header is malformed; ${text}` }),
  skewed: () => ({
    code: 'RequestTimeTooSkewed',
    status: 403,
    text: 'The difference between the request time and the current time is too large.',
  }),
  presignedOutOfTime: (_, over) => ({ code: 'AccessDenied', status: 403, text: over ? 'Request has expired' : 'Request is not valid yet' }),
  tooLarge: () => ({ code: 'EntityTooLarge', status: 400, text: 'Your proposed upload exceeds the maximum allowed object size.' }),
  toleratedSkew: 15 * minute,
};
