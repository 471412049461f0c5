/**
 * Writes a string as one word of a POSIX shell: as it is where that is safe, in single quotes otherwise, and in double quotes
 * where it has single quotes and nothing that means something between double ones.
 */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return text.includes("'") && !/["$`\\]|!(?!=)/.test(text) ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`;
}
