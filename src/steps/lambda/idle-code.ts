interface Handled {
  readonly handler: string;
  readonly runtime: string;
}

/** A zip archive with a handler that is found under the same name, and does nothing. */
export async function idleCode({ handler, runtime }: Handled): Promise<Uint8Array> {
  const dot = handler.lastIndexOf('.');
  const [file, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const { strToU8, zipSync } = await import('fflate');
  if (runtime.startsWith('python')) return zipSync({ [`${file}.py`]: strToU8(`def ${name}(event, context):\n    pass\n`) });
  return zipSync({ [`${file}.js`]: strToU8(`exports.${name} = async () => {};\n`) });
}

/** Another runtime of the same language. */
export function otherRuntime(runtime: string): 'nodejs20.x' | 'nodejs22.x' | 'python3.12' | 'python3.13' {
  if (runtime.startsWith('python')) return runtime === 'python3.13' ? 'python3.12' : 'python3.13';
  return runtime === 'nodejs22.x' ? 'nodejs20.x' : 'nodejs22.x';
}
