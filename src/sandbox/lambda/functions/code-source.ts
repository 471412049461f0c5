import { AwsError } from '../../error.ts';
import type { RequestContext } from '../../operation.ts';
import { checkAccess, requestedBucket, requestedObject } from '../../s3/request.ts';
import { invalidParameter, refuseMembers } from '../error.ts';

/** Where a request has the deployment package of a function. */
interface CodeSource {
  readonly ZipFile?: Uint8Array | undefined;
  readonly S3Bucket?: string | undefined;
  readonly S3Key?: string | undefined;
}

/**
 * The deployment package of a request: its own, or an object of S3 that the caller may read. The texts about both or neither
 * are unverified.
 * @throws {AwsError} InvalidParameterValueException, AccessDeniedException
 */
export async function zipOf(operation: string, source: CodeSource, context: RequestContext): Promise<Uint8Array> {
  const { ZipFile: zip, S3Bucket: bucket, S3Key: key } = source;
  if (zip !== undefined && (bucket !== undefined || key !== undefined)) {
    throw invalidParameter('Please do not provide other FunctionCode parameters when providing a ZipFile.');
  }
  refuseMembers(operation, source, ['S3ObjectVersion', 'SourceKMSKeyArn']);
  if (zip !== undefined) return zip;
  if (bucket === undefined || key === undefined) throw invalidParameter('Please provide a source for function code.');
  try {
    return await packageInS3({ Bucket: bucket, Key: key }, context);
  } catch (error) {
    throw error instanceof AwsError && error.code !== 'InvalidParameterValueException' ? refusedByS3(error, bucket, key) : error;
  }
}

async function packageInS3(reference: { readonly Bucket: string; readonly Key: string }, context: RequestContext): Promise<Uint8Array> {
  const bucket = requestedBucket(reference, context);
  checkAccess('s3:GetObject', `${bucket.arn}/${reference.Key}`, context);
  if (bucket.region !== context.region) {
    const advice = `The bucket is in this region: ${bucket.region}. Please use this region to retry the request`;
    throw new AwsError('PermanentRedirect', advice, { status: 301 });
  }
  return requestedObject(reference, context).read();
}

/** The texts about what is missing are recorded from Lambda, the others quoted in reports. */
function refusedByS3({ code, message }: AwsError, bucket: string, key: string): AwsError {
  if (code !== 'AccessDenied') {
    return invalidParameter(`Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`);
  }
  return new AwsError(
    'AccessDeniedException',
    `Your access has been denied by S3, please make sure your request credentials have permission to GetObject for ${bucket}/${key}. ` +
      `S3 Error Code: ${code}. S3 Error Message: ${message}`,
    { status: 403 },
  );
}
