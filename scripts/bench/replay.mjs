// Calls that are made and signed once and sent many times as they are, so that a client has next to nothing to do while a server
// is measured.
import { request } from 'node:http';

/** What the SDK sends for a command: it may be sent again for as long as the signature is good, five minutes. */
export async function recorded(client, command) {
  let sent;
  const { requestHandler } = client.config;
  client.config.requestHandler = {
    async handle(made) {
      sent = made;
      throw new Error('This is only recorded.');
    },
  };
  await client.send(command).catch((error) => {
    if (sent === undefined) throw error;
  });
  client.config.requestHandler = requestHandler;
  const { hostname, port, method, path, headers, body } = sent;
  return { options: { hostname, port, method, path, headers }, body };
}

/** @returns the status of the answer, when all of it is there */
export function replay({ options, body }, agent) {
  return new Promise((resolve, reject) => {
    const sending = request({ ...options, agent }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode < 300) resolve(response.statusCode);
        else reject(new Error(`The answer has status ${response.statusCode}.`));
      });
      response.once('error', reject);
    });
    sending.once('error', reject);
    sending.end(body);
  });
}
