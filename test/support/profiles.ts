import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Writes the shared configuration files of AWS below a home folder; the keys are those of the settings. */
export function writeProfiles(home: string, profiles: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
  mkdirSync(join(home, '.aws'), { recursive: true });
  const sections = Object.entries(profiles).map(([name, settings]) => {
    const head = name === 'default' || name.startsWith('services ') ? `[${name}]` : `[profile ${name}]`;
    return [head, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`), ''].join('\n');
  });
  writeFileSync(join(home, '.aws', 'config'), sections.join('\n'));
}

/** The settings of a profile with keys in it. */
export function keySettings({ accessKeyId, secretAccessKey, sessionToken }: Keys): Readonly<Record<string, string>> {
  const token = sessionToken === undefined ? {} : { aws_session_token: sessionToken };
  return { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey, ...token };
}

/** What a `credential_process` of a profile gives; it can be made to give something else while a program runs. */
export interface CredentialProcess {
  /** The settings of the profile. */
  readonly settings: Readonly<Record<string, string>>;
  give(keys: Keys): void;
  /** Fails from now on, and says so. */
  fail(message: string): void;
}

/**
 * A `credential_process` below a home folder.
 * @param validMs for how long its credentials say that they are valid: under five minutes, programs ask for new ones all the time.
 */
export function credentialProcess(home: string, keys: Keys, validMs = 3_600_000): CredentialProcess {
  const [script, answer] = [join(home, 'credentials.sh'), join(home, 'credentials.json')];
  const put = (text: string, mode: number): void => {
    writeFileSync(`${answer}.new`, text);
    chmodSync(`${answer}.new`, mode);
    renameSync(`${answer}.new`, answer);
  };
  const give = ({ accessKeyId, secretAccessKey, sessionToken }: Keys): void => {
    const Expiration = new Date(Date.now() + validMs).toISOString();
    put(
      JSON.stringify({ Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Expiration }),
      0o600,
    );
  };
  give(keys);
  writeFileSync(script, `#!/bin/sh\nif [ -x ${answer} ]; then cat ${answer} >&2; exit 1; fi\ncat ${answer}\n`, { mode: 0o700 });
  return { settings: { credential_process: `${script} --password hunter2` }, give, fail: (message) => put(message, 0o700) };
}
