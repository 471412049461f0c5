import type { ServiceName } from '../util/sdk.ts';
import { createClient, type SdkClient } from './client.ts';
import { lastingHandler } from './connections.ts';
import type { Target } from './target.ts';

/** What a client is made for. Whose credentials it signs with can change from one use to the next. */
export interface ClientUse {
  readonly service: ServiceName;
  readonly target: Target;
  readonly readOnly: boolean;
}

/**
 * Clients that many sessions use, one after the other, over connections that all of them have. With its first call a client looks
 * up all of its settings, which takes longer than the call; and each holds hundreds of things in memory.
 */
export class ClientPool {
  readonly #idle = new Map<string, SdkClient[]>();
  #handler: ReturnType<typeof lastingHandler> | undefined;

  /** A client that nobody else has, until it is given back. */
  async take(use: ClientUse): Promise<SdkClient> {
    const { service, target, readOnly } = use;
    const idle = this.#idle.get(kindOf(use))?.pop();
    if (idle !== undefined) {
      idle.config.credentials = target.credentials;
      return idle;
    }
    this.#handler ??= lastingHandler();
    return createClient(service, target, { readOnly, requestHandler: (await this.#handler).handler });
  }

  /** Takes a client back, of which no call is under way any more: it would sign with the credentials of whoever comes next. */
  giveBack(client: SdkClient, use: ClientUse): void {
    client.config.credentials = nobody;
    const kind = kindOf(use);
    const idle = this.#idle.get(kind);
    if (idle === undefined) this.#idle.set(kind, [client]);
    else idle.push(client);
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    this.#idle.clear();
    (await this.#handler)?.close();
  }
}

function kindOf({ service, target: { endpoint, region }, readOnly }: ClientUse): string {
  return JSON.stringify([service, endpoint, region, readOnly]);
}

const nobody = (): never => {
  throw new Error('The client belongs to nobody.');
};
