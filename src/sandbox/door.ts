import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { plain, type RequestHead, type WireResponse } from './wire.ts';

/**
 * Decides who may speak to the sandbox at all, before the body of a request is read and before anything of it is understood.
 * A program that runs code on request must not answer a web page: a browser says where a request comes from (`Origin`,
 * `Sec-Fetch-Site`), and a name that was pointed at this machine (DNS rebinding) stands in `Host`.
 * @param listensOn the address or the name that the sandbox listens on
 * @returns what a request is refused with, if it is: given its head and all that it says about whom it is for
 */
export function openDoor(listensOn: string): (head: RequestHead, hosts: readonly string[]) => WireResponse | undefined {
  const isOurs = isLoopbackAddress(listensOn) ? isLoopbackName : (name: string) => isLoopbackName(name) || isReachableName(name, listensOn);
  return ({ path, headers }, hosts) => {
    const names = Object.keys(headers);
    // `Sec-Fetch-Mode` alone is no browser: Node's own fetch sends it.
    if (names.some((name) => name === 'origin' || name === 'sec-fetch-site' || name.startsWith('access-control-request-'))) {
      return refusal('Requests from web pages are not answered.');
    }
    // A URL in place of a path is for a proxy, and names a host that nobody has looked at.
    if (!path.startsWith('/')) return refusal('A request has to name a path; this is no proxy.');
    const [host = '', ...others] = new Set(hosts.map((name) => name.toLowerCase()));
    if (others.length > 0) return refusal('A request has to name one host.');
    return isOurs(host.replace(/:\d+$/, '')) ? undefined : refusal(`This endpoint does not answer to the name '${host}'.`);
  };
}

/** Whether only this machine reaches it. */
export function isLoopbackAddress(host: string): boolean {
  return host === '::1' || host.toLowerCase() === 'localhost' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** `127.0.0.1`, `localhost`, `[::1]`, and names below `localhost`, which is where S3 buckets go. */
function isLoopbackName(name: string): boolean {
  return /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|([a-z0-9-]+\.)*localhost)$/.test(name);
}

/** An address cannot be pointed elsewhere; the name that was asked for and that of the machine are nobody else's to point. */
function isReachableName(name: string, listensOn: string): boolean {
  if (isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0) return true;
  return name !== '' && [listensOn.toLowerCase(), hostname().toLowerCase()].includes(name);
}

function refusal(message: string): WireResponse {
  return plain(403, { __type: 'AccessDeniedException', message });
}
