import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { credentialStore, type IssuedCredentials } from '../../auth/credentials.ts';
import { presignedUrl } from '../../auth/presigned-url.ts';
import { type Cloud, type Scope, slot } from '../../cloud.ts';
import { type RequestContext, rootOf } from '../../operation.ts';
import type { Bucket } from '../../s3/bucket.ts';
import { bucketsOf } from '../../s3/buckets.ts';
import { noSuchKey } from '../../s3/errors.ts';
import type { FunctionCode } from './code.ts';
import type { FunctionIdentity } from './version.ts';

/** Seconds (Lambda API reference, GetFunction: "a link to download the deployment package that's valid for 10 minutes"). */
const validity = 600;

/** The bucket of Lambda's in a region that holds code packages, and the credentials that its links are signed with. */
interface CodeBucket {
  readonly bucket: Bucket;
  readonly credentials: IssuedCredentials;
}

// No account of a user's has such a name, so nobody else gets in.
const owner = 'awslambda';

const codeBucket = slot('lambda-code', ({ region }, cloud): CodeBucket => {
  // The name of a bucket exists once, and anybody could have taken one that can be guessed.
  const name = `awslambda-${region}-${randomBytes(4).toString('hex')}-tasks`;
  return {
    bucket: bucketsOf(cloud).create({ name, owner, region }),
    credentials: credentialStore(cloud).issue(rootOf(owner)),
  };
});

function codeBucketOf(cloud: Cloud, { region }: Scope): CodeBucket {
  return cloud.state(codeBucket, { account: owner, region });
}

/** A presigned URL of S3 from which whoever has it can fetch a code package as it came, for ten minutes. */
export function codeLocation({ cloud, endpoint }: RequestContext, of: FunctionIdentity, code: FunctionCode): string {
  const { bucket, credentials } = codeBucketOf(cloud, of.scope);
  const key = keyOf(of.scope, code);
  if (bucket.find(key) === undefined) {
    bucket.put(key, {
      size: code.size,
      read: () => readFile(code.zip).catch(() => Promise.reject(noSuchKey(key))),
      // As of what is encrypted with a key of one's own, it is no MD5 (Amazon S3 API reference, Object).
      etag: `"${Buffer.from(code.sha256, 'base64').toString('hex', 0, 16)}"`,
      checksum: { name: 'sha256', value: code.sha256 },
    });
  }
  return presignedUrl({
    endpoint,
    path: `/${bucket.name}/${key}`,
    region: bucket.region,
    credentials,
    signedAt: cloud.clock.now(),
    validity,
  });
}

/** Lets the links to a package lead nowhere, which is about to be removed. */
export function withdraw(cloud: Cloud, scope: Scope, code: FunctionCode): void {
  codeBucketOf(cloud, scope).bucket.delete(keyOf(scope, code));
}

function keyOf({ account }: Scope, { folder }: FunctionCode): string {
  return `snapshots/${account}/${basename(folder)}`;
}
