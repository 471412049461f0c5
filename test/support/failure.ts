/** What an AWS SDK makes of an error answer. */
export interface Failure {
  readonly name: string;
  readonly message: string;
}

/** The error that a call is refused with. @throws when it is answered instead. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const outcome = await call.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof Error) return { name: outcome.error.name, message: outcome.error.message };
  throw new Error(`The call was answered: ${JSON.stringify(outcome)}`);
}
