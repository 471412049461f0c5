import { AwsError } from '../error.ts';

/** The errors that S3's operations share (S3 API reference). Texts that are unverified are said to be so where they are used. */
export function noSuchBucket(BucketName: string): AwsError {
  return new AwsError('NoSuchBucket', 'The specified bucket does not exist', { status: 404, members: { BucketName } });
}

export function noSuchKey(Key: string): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404, members: { Key } });
}

export function accessDenied(message = 'Access Denied'): AwsError {
  return new AwsError('AccessDenied', message, { status: 403 });
}

/** @param ArgumentValue absent where AWS does not print it */
export function invalidArgument(message: string, ArgumentName: string, ArgumentValue?: string): AwsError {
  return new AwsError('InvalidArgument', message, { members: { ArgumentName, ...(ArgumentValue === undefined ? {} : { ArgumentValue }) } });
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', message);
}

export function malformedXml(): AwsError {
  return new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
}

export function invalidObjectState(StorageClass: string): AwsError {
  const message = "The operation is not valid for the object's storage class";
  return new AwsError('InvalidObjectState', message, { status: 403, members: { StorageClass } });
}

/** What S3 itself does not have, in its own words. */
export function unimplementedHeader(Header: string, additionalMessage: string): AwsError {
  const message = 'A header you provided implies functionality that is not implemented';
  return new AwsError('NotImplemented', message, { status: 501, members: { Header, additionalMessage } });
}

export function preconditionFailed(Condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new AwsError('PreconditionFailed', message, { status: 412, members: { Condition } });
}

export function invalidBucketOwner(owner: string): AwsError {
  return new AwsError(
    'InvalidBucketOwnerAWSAccountID',
    `The value of the expected bucket owner parameter must be an AWS Account ID... [${owner}]`,
  );
}
