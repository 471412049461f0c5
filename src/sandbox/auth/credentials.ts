import { randomBytes } from 'node:crypto';
import { type Cloud, slot } from '../cloud.ts';
import { identifier } from '../identifier.ts';
import type { Principal } from '../operation.ts';
import { SigningSecret } from './signature.ts';

/** Credentials that the sandbox made up, and whom they stand for. */
export interface IssuedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What requests that are signed with it are verified by. */
  readonly signingSecret: SigningSecret;
  /** Temporary credentials only. */
  readonly sessionToken?: string;
  /** Epoch milliseconds of the sandbox's clock. Temporary credentials only. */
  readonly expiresAt?: number;
  readonly principal: Principal;
}

// Session tokens of AWS begin like this, and are known by it where they have to be hidden.
const tokenBeginning = Buffer.from('IQoJb3JpZ2luX2Vj', 'base64');

/** A key that somebody else has chosen. */
export interface ChosenKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** All credentials that one sandbox has issued, by access key id. They exist in memory only and are new for every run. */
export class CredentialStore {
  readonly #byAccessKeyId = new Map<string, IssuedCredentials>();
  /** Whom keys stand for that nobody has issued. Absent: nobody, and they are refused. */
  strangers?: (accessKeyId: string) => Principal;

  /** Long-term credentials (`AKIA…`), or temporary ones (`ASIA…` with a session token) when `expiresAt` is given. */
  issue(principal: Principal, expiresAt?: number): IssuedCredentials {
    const temporary =
      expiresAt === undefined ? {} : { sessionToken: Buffer.concat([tokenBeginning, randomBytes(180)]).toString('base64'), expiresAt };
    const secretAccessKey = randomBytes(30).toString('base64');
    const credentials: IssuedCredentials = {
      accessKeyId: identifier(expiresAt === undefined ? 'AKIA' : 'ASIA', 20),
      secretAccessKey,
      signingSecret: new SigningSecret(secretAccessKey),
      principal,
      ...temporary,
    };
    this.#byAccessKeyId.set(credentials.accessKeyId, credentials);
    return credentials;
  }

  /** Takes a long-term key as it is. @throws {RangeError} when it stands for somebody already. */
  adopt(principal: Principal, { accessKeyId, secretAccessKey }: ChosenKey): IssuedCredentials {
    if (this.#byAccessKeyId.has(accessKeyId)) throw new RangeError(`The access key ${accessKeyId} is given twice.`);
    const credentials = { accessKeyId, secretAccessKey, signingSecret: new SigningSecret(secretAccessKey), principal };
    this.#byAccessKeyId.set(accessKeyId, credentials);
    return credentials;
  }

  find(accessKeyId: string): IssuedCredentials | undefined {
    return this.#byAccessKeyId.get(accessKeyId);
  }

  /** Whether a key stands for anybody. */
  admits(accessKeyId: string): boolean {
    return this.strangers !== undefined || this.#byAccessKeyId.has(accessKeyId);
  }
}

const store = slot('credentials', () => new CredentialStore(), { global: true });

/** The credentials of the whole sandbox; they are kept in one place because a request says who it is only by its access key id. */
export function credentialStore(cloud: Cloud): CredentialStore {
  return cloud.state(store, { account: '*', region: '*' });
}
