import type { CreateBucketRequest } from '@aws-sdk/client-s3';
import { AwsError } from '../error.ts';
import { tagging } from '../iam/besides.ts';
import { refuseUnsupportedMembers } from '../not-implemented.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { refuseAcl } from './acl.ts';
import { checkBucketName } from './bucket-name.ts';
import { bucketsOf } from './buckets.ts';
import { tagsOf } from './tag-set.ts';

/** In us-east-1, creating a bucket again is answered as if it had been created; elsewhere it is refused. */
export const createBucket: OperationOf<'s3', 'CreateBucket'> = {
  resources: ({ Bucket }) => [`arn:aws:s3:::${Bucket ?? ''}`],
  // Unverified.
  besides: ({ CreateBucketConfiguration }) => tagging('s3:TagResource', CreateBucketConfiguration?.Tags),
  handle(input, context) {
    const name = input.Bucket ?? '';
    checkBucketName(name);
    refuseAcl(input);
    refuseUnsupportedMembers('s3:CreateBucket', input, ['ObjectLockEnabledForBucket', 'BucketNamespace']);
    refuseUnsupportedMembers('s3:CreateBucket', input.CreateBucketConfiguration ?? {}, ['Location', 'Bucket']);
    const region = regionOf(input, context);
    const buckets = bucketsOf(context.cloud);
    const existing = buckets.find(name);
    const mine = existing?.owner === context.account;
    if (existing !== undefined && !(mine && existing.region === 'us-east-1' && region === 'us-east-1')) throw taken(name, mine);
    const bucket = existing ?? buckets.create({ name, owner: context.account, region });
    const tags = input.CreateBucketConfiguration?.Tags;
    if (existing === undefined && tags !== undefined) bucket.tags = tagsOf(tags);
    const location = region === 'us-east-1' ? `/${name}` : `${context.cloud.endpoint}/${name}/`;
    return { Location: location, BucketArn: bucket.arn };
  },
};

function taken(BucketName: string, mine: boolean): AwsError {
  const [code, message] = mine
    ? ['BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.']
    : [
        'BucketAlreadyExists',
        'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      ];
  return new AwsError(code, message, { status: 409, members: { BucketName } });
}

/** The endpoint of us-east-1 creates buckets everywhere, the other ones only in their own region. */
function regionOf({ CreateBucketConfiguration: configuration }: CreateBucketRequest, { region }: RequestContext): string {
  const constraint: string | undefined = configuration?.LocationConstraint;
  if (constraint !== undefined && (constraint === 'us-east-1' || !/^(EU|[a-z]{2}(-[a-z]+)+-\d)$/.test(constraint))) {
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      members: { LocationConstraint: constraint },
    });
  }
  if (region === 'us-east-1') return constraint === 'EU' ? 'eu-west-1' : (constraint ?? region);
  if (constraint === region) return region;
  throw new AwsError(
    'IllegalLocationConstraintException',
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
