import type { WireRequest } from '../wire.ts';

/** The method and path by which a REST operation is recognised: `GET /2015-03-31/functions/{FunctionName}`. */
export interface PathTemplate {
  /** The labels by name, decoded, or `undefined` when the request is for something else. */
  match(request: WireRequest): Readonly<Record<string, string>> | undefined;
}

/** `{Name}` stands for one segment, `{Name+}` for the rest of the path; a query string must be there literally. */
export function pathTemplate(method: string, template: string): PathTemplate {
  const [path = '', query = ''] = template.split('?');
  const names: string[] = [];
  const expression = path
    .split('/')
    .map((segment) => {
      const label = /^\{(.+?)(\+?)\}$/.exec(segment);
      if (!label) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(label[1] ?? '');
      return label[2] === '+' ? '(.+)' : '([^/]+)';
    })
    .join('/');
  const pattern = new RegExp(`^${expression}/?$`);
  const literals = [...new URLSearchParams(query)];
  return {
    match(request) {
      if (request.method !== method) return undefined;
      const found = pattern.exec(request.path);
      if (!found) return undefined;
      if (literals.length > 0) {
        const sent = new URLSearchParams(request.query);
        if (!literals.every(([key, value]) => sent.get(key) === value)) return undefined;
      }
      return Object.fromEntries(names.map((name, index) => [name, decode(found[index + 1] ?? '')]));
    },
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
