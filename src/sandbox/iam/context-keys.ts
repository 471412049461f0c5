import { isMapping } from '../../util/json.ts';
import type { PolicyDocument } from './entity.ts';

/** The condition keys that documents ask for, in conditions and as variables, each once and as it is written first. */
export function contextKeysOf(documents: readonly Pick<PolicyDocument, 'text'>[]): readonly string[] {
  const keys = new Map<string, string>();
  for (const { text } of documents) {
    const document: unknown = JSON.parse(text);
    for (const key of [...conditionKeys(document), ...variables(document, text)]) {
      if (!keys.has(key.toLowerCase())) keys.set(key.toLowerCase(), key);
    }
  }
  return [...keys.values()];
}

function conditionKeys(document: unknown): readonly string[] {
  const statements = isMapping(document) ? [document['Statement']].flat() : [];
  return statements.flatMap((statement) => {
    const conditions = isMapping(statement) ? statement['Condition'] : undefined;
    return isMapping(conditions) ? Object.values(conditions).flatMap((keys) => (isMapping(keys) ? Object.keys(keys) : [])) : [];
  });
}

/** Only the current version of the language has them. */
function variables(document: unknown, text: string): readonly string[] {
  if (!isMapping(document) || document['Version'] !== '2012-10-17') return [];
  return [...text.matchAll(/\$\{\s*([A-Za-z][^},\s]*)/g)].flatMap(([, key]) => key ?? []);
}
