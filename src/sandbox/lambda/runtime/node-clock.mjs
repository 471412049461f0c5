// Shows a Node.js function the sandbox's time where that is ahead of the machine's. `Date` follows it, however it is asked.
// What measures how long something takes stays as it is (`performance`, `process.hrtime`, timers), and so does what does not
// ask `Date`: the times of files, `Intl.DateTimeFormat#format` without an argument, worker threads, `vm` contexts, other programs.

/** In milliseconds. */
let ahead = 0;

/** @param {number} ms */
export function setClockAhead(ms) {
  ahead = ms;
}

/**
 * Comes before the function's code is loaded, so that whatever keeps a `Date` of its own keeps this one.
 * @param {number} ms how far the function's time is ahead of the machine's
 */
export function patchDate(ms) {
  setClockAhead(ms);
  const machineDate = Date;
  const machineNow = Date.now;
  // A function with the name and the length of the original.
  const { now } = { now: () => machineNow() + ahead };
  // The class itself stays, so dates that were not made by the function are still instances of it.
  const date = new Proxy(machineDate, {
    construct: (target, values, newTarget) => Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: (target) => new target(now()).toString(),
  });
  Object.defineProperty(machineDate, 'now', { value: now, writable: true, configurable: true });
  Object.defineProperty(machineDate.prototype, 'constructor', { value: date, writable: true, configurable: true });
  Object.defineProperty(globalThis, 'Date', { value: date, writable: true, configurable: true });
}
