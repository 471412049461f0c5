/**
 * Measures how long something really takes, whatever clock it goes by: a schedule of minutes that a lab runs through in
 * milliseconds has cost milliseconds.
 * @returns a function that says how many whole milliseconds have passed since.
 */
export function startStopwatch(): () => number {
  const started = performance.now();
  return () => Math.round(performance.now() - started);
}
