/**
 * Makes bytes that fail smaller for as long as they fail in the same way: parts are left out, larger ones first (delta
 * debugging, Zeller and Hildebrandt 2002), by lines and then by characters.
 * @param {Buffer} bytes
 * @param {(smaller: Buffer) => Promise<boolean>} fails
 * @param {{ readonly tries: number, readonly ms: number }} most how long to go on
 */
export async function shrink(bytes, fails, most) {
  const until = performance.now() + most.ms;
  let tries = most.tries;
  const may = () => tries > 0 && performance.now() < until;
  let smallest = bytes;
  for (const separator of ['\n', '']) {
    // Latin-1 keeps every byte.
    let parts = smallest.toString('latin1').split(separator);
    const joined = (list) => Buffer.from(list.join(separator), 'latin1');
    for (let size = Math.ceil(parts.length / 2); size >= 1 && may(); ) {
      let smaller = false;
      for (let at = 0; at < parts.length && may(); ) {
        const rest = [...parts.slice(0, at), ...parts.slice(at + size)];
        tries--;
        if (await fails(joined(rest))) {
          parts = rest;
          smaller = true;
        } else at += size;
      }
      if (!smaller || size > parts.length) size = size === 1 ? 0 : Math.ceil(size / 2);
    }
    smallest = joined(parts);
  }
  return smallest;
}
