import type { CreateBucketRequest } from '@aws-sdk/client-s3';
import { AwsError } from '../error.ts';
import { tagging } from '../iam/besides.ts';
import { refuseUnsupportedMembers } from '../not-implemented.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { refuseAcl } from './acl.ts';
import { checkBucketName } from './bucket-name.ts';
import { bucketsOf } from './buckets.ts';
import { tagsOf } from './tag-set.ts';

/** In us-east-1, creating a bucket again without tags is answered as if it had been created (recorded); elsewhere it is refused. */
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
    const { LocationConstraint: constraint, Tags: given = [] } = input.CreateBucketConfiguration ?? {};
    const tags = tagsOf(given);
    const again = mine && existing?.region === 'us-east-1' && region === 'us-east-1' && tags.size === 0;
    if (existing !== undefined && !again) throw taken(name, mine);
    const bucket = existing ?? buckets.create({ name, owner: context.account, region, constraint });
    if (tags.size > 0) bucket.tags = tags;
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
  const wanted = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (region === 'us-east-1') {
    if (wanted === undefined || (wanted !== 'us-east-1' && /^[a-z]{2}(-[a-z]+)+-\d$/.test(wanted))) return wanted ?? region;
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      members: { LocationConstraint: constraint },
    });
  }
  if (wanted === region) return region;
  throw new AwsError(
    'IllegalLocationConstraintException',
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
