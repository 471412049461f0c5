import { type PackedFile, ZippedFolder } from '../../aws/zipped-folder.ts';

/** The files of each folder that calls send as an archive, by its absolute path. */
export type SourceFolders = ReadonlyMap<string, readonly PackedFile[]>;

/**
 * Reads every folder that stands somewhere in `data`.
 * @throws {UserError} as `ZippedFolder` does.
 */
export async function readFolders(data: unknown): Promise<SourceFolders> {
  const folders = new Map([...foldersIn(data)].map((folder) => [folder.folder, folder]));
  return new Map(await Promise.all([...folders].map(async ([path, folder]) => [path, await folder.files()] as const)));
}

function* foldersIn(value: unknown): Generator<ZippedFolder> {
  if (value instanceof ZippedFolder) yield value;
  else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
    for (const member of Object.values(value)) yield* foldersIn(member);
}

/** The lines that write a file: as it is where it is text, in base64 otherwise. `path` is a word of the shell. */
export function fileLines({ data, executable }: PackedFile, path: string): readonly string[] {
  const text = asText(data);
  const written =
    text === undefined
      ? [
          `base64 --decode > ${path} <<'END'`,
          ...(Buffer.from(data)
            .toString('base64')
            .match(/.{1,100}/g) ?? []),
          'END',
        ]
      : [`cat > ${path} <<'${delimiter(text)}'`, text.replace(/\n$/, ''), delimiter(text)];
  return executable ? [...written, `chmod +x ${path}`] : written;
}

/** The text of a file that a here document can hold: UTF-8 that ends with a line feed. */
function asText(data: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    return text.endsWith('\n') && !text.includes('\0') ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A word that is no line of the text. */
function delimiter(text: string): string {
  const lines = new Set(text.split('\n'));
  let word = 'END';
  for (let count = 2; lines.has(word); count++) word = `END_${count}`;
  return word;
}
