/**
 * An error as AWS answers it. Services throw it; the protocol of the service puts it into the wire format. Codes and
 * texts are the product: take them from the AWS documentation or a recording, and say in a comment where they are unverified.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** As on the wire: `ResourceNotFoundException` (Kinesis), `NoSuchEntity` (IAM). */
  readonly code: string;
  readonly status: number;
  /** Further members of the error body: `{ Type: 'User' }`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { readonly status?: number; readonly members?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
  }
}
