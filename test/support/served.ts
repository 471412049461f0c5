/**
 * Lets another task be served whenever the event loop comes round while work goes on.
 * @param serve what the other task does
 * @returns how often it was served before the work was done
 */
export async function servedDuring(work: () => Promise<unknown>, serve: () => void = () => undefined): Promise<number> {
  let served = 0;
  let working = true;
  const other = (): void => {
    if (!working) return;
    served += 1;
    serve();
    setImmediate(other);
  };
  setImmediate(other);
  try {
    await work();
  } finally {
    working = false;
  }
  return served;
}
