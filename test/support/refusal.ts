/** What an SDK client threw for an answer of AWS that is an error. */
export interface Refusal {
  /** The SDK's name for it: IAM's `NoSuchEntity` is `NoSuchEntityException`. */
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
}

/** Waits for a call that has to be refused. @throws {Error} when it is answered */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('The call was answered.');
}
