// Finds and loads the handler of a Node.js function as Lambda does.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {(...args: unknown[]) => unknown} Handler */

/** An error of the runtime about the function: `Runtime.ImportModuleError`. */
export class RuntimeError extends Error {
  /**
   * @param {string} type
   * @param {unknown} reason
   */
  constructor(type, reason) {
    super(String(reason));
    this.name = `Runtime.${type}`;
    if (!(reason instanceof Error)) return;
    // Where the function's own code went wrong is what its author needs to see.
    const stack = reason.stack ?? '';
    const rest = stack.startsWith(this.message) ? stack.slice(this.message.length) : `\n${stack}`;
    Object.assign(this, { stack: `${this.name}: ${this.message}${rest}` });
  }
}

/**
 * @param {string} root the folder of the function's code
 * @param {string} name `index.handler`, `src/app.handler`
 * @param {boolean} callbacks whether the handler may take a callback
 * @returns {Promise<Handler>}
 * @throws {RuntimeError} or whatever the function's code throws while it is loaded
 */
export async function loadHandler(root, name, callbacks) {
  const file = basename(name);
  const folder = name.slice(0, name.length - file.length);
  if (folder.split('/').includes('..')) {
    throw new RuntimeError(
      'MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const [, moduleName = '', exportName = ''] = /^([^.]*)\.(.*)$/.exec(file) ?? [];
  if (moduleName === '' || exportName === '') throw new RuntimeError('MalformedHandlerName', `Bad handler '${name}'`);

  const loaded = await loadModule(root, folder, moduleName);
  /** @type {unknown} */
  let handler = loaded;
  for (const part of exportName.split('.')) handler = /** @type {Record<string, unknown> | null | undefined} */ (handler)?.[part];
  if (handler === undefined || handler === null) throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
  if (!callbacks && handler.length >= 3) throw new RuntimeError('CallbackHandlerDeprecated', noCallbacks);
  return /** @type {Handler} */ (handler);
}

const noCallbacks =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this ' +
  'function to use a supported handler signature to use Node.js 24 or later. For more information see ' +
  'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

/**
 * @param {string} root
 * @param {string} folder
 * @param {string} name
 * @returns {Promise<unknown>}
 */
async function loadModule(root, folder, name) {
  const base = resolve(root, folder, name);
  const candidates = [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`];
  const file = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  const require = createRequire(import.meta.url);
  try {
    if (file === undefined) return require(require.resolve(name, { paths: [root, resolve(root, folder)] }));
    return isEsModule(file, root) ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', error);
    if (/** @type {NodeJS.ErrnoException} */ (error)?.code === 'MODULE_NOT_FOUND') throw new RuntimeError('ImportModuleError', error);
    throw error;
  }
}

/**
 * `.mjs` is one, and `.js` below a package.json that says so.
 * @param {string} file
 * @param {string} root
 */
function isEsModule(file, root) {
  if (!file.endsWith('.js')) return file.endsWith('.mjs');
  for (let folder = dirname(file); folder.startsWith(root); folder = dirname(folder)) {
    const manifest = resolve(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
  }
  return false;
}
