import { setFlagsFromString } from 'node:v8';

// Each time costs twenty milliseconds, and a class of 500 comes to a dozen of them.
const growth = 20;

/**
 * Keeps the memory even that long work takes which never has much in use at once. By itself V8 lets the heap grow to a multiple of
 * what is in use before it looks for what is not: a large class leads it there, a small one is through before. From here on it
 * looks when there is a fifth more, and as much again as it has room for what is new.
 * @returns what gives V8 its own way again.
 */
export function limitHeapGrowth(): () => void {
  // V8 reads the flag each time that it has looked through the heap.
  setFlagsFromString(`--heap-growing-percent=${growth}`);
  return () => setFlagsFromString('--heap-growing-percent=0');
}
