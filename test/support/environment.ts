import type { Sandbox } from '../../src/sandbox/start.ts';

type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

/** The environment in which programs reach a sandbox with these keys. */
export function environmentFor({ endpoint, region }: Pick<Sandbox, 'endpoint' | 'region'>, keys: Keys): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
  };
}

/** Does something while variables of this process's environment have these values, and puts them back; `undefined` takes one away. */
export async function withVariables<T>(variables: Readonly<Record<string, string | undefined>>, work: () => Promise<T>): Promise<T> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  setVariables(Object.entries(variables));
  try {
    return await work();
  } finally {
    setVariables(before);
  }
}

function setVariables(variables: readonly (readonly [name: string, value: string | undefined])[]): void {
  for (const [name, value] of variables) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
