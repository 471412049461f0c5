/** A place in a document: lines and columns count from one. */
interface Position {
  readonly Line: number;
  readonly Column: number;
}

/** Where a statement of a policy document begins and ends. */
export interface StatementPlace {
  readonly StartPosition: Position;
  readonly EndPosition: Position;
}

/**
 * The places of the statements in the text of a policy document, in their order. As the policy simulator tells them, they
 * are those behind the opening and the closing brace (recorded from IAM, and in the examples of the AWS CLI reference).
 * @param text of a document that is valid
 */
export function statementPlaces(text: string): readonly StatementPlace[] {
  const places: StatementPlace[] = [];
  const open: { readonly bracket: string; readonly from: Position }[] = [];
  let quoted = false;
  let [Line, Column] = [1, 0];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    Column += 1;
    if (sign === '\n') [Line, Column] = [Line + 1, 0];
    if (quoted) {
      if (sign === '"') quoted = false;
      // What is escaped ends nothing.
      if (sign !== '\\') continue;
      at += 1;
      Column += 1;
    } else if (sign === '"') {
      quoted = true;
    } else if (sign === '{' || sign === '[') {
      open.push({ bracket: sign, from: { Line, Column: Column + 1 } });
    } else if (sign === '}' || sign === ']') {
      const closed = open.pop();
      // A statement stands in the document itself, or in a list there.
      if (closed?.bracket === '{' && /^\{\[?$/.test(open.map(({ bracket }) => bracket).join(''))) {
        places.push({ StartPosition: closed.from, EndPosition: { Line, Column: Column + 1 } });
      }
    }
  }
  return places;
}
