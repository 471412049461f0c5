/**
 * The shapes of a service's operations and errors as plain data. The package that they are read off brings a whole client
 * with it, which takes longer to load than everything else that the sandbox needs to answer; the build writes them down.
 */
export interface ShapeTable {
  /** By the name that the SDK package exports a shape under, its place in `shapes`. */
  readonly exported: Readonly<Record<string, number>>;
  /** In the array form of the SDK, save that one shape stands in another as a `Reference`. */
  readonly shapes: readonly unknown[];
}

interface Reference {
  /** A place in `shapes`. */
  readonly shape: number;
}

/** In a shape's array form the first element tells what it is. */
const operation = 9;
const error = -3;

/** Writes down what an SDK package exports of operations and errors, and all that they are made of. */
export function shapeTable(sdkPackage: object): ShapeTable {
  const places = new Map<unknown, number>();
  const shapes: unknown[] = [];
  const placeOf = (shape: readonly unknown[]): number => {
    const known = places.get(shape);
    if (known !== undefined) return known;
    const place = shapes.length;
    // Shapes can contain themselves: the place is taken before the members are looked at.
    places.set(shape, place);
    shapes.push(undefined);
    shapes[place] = shape.map(written);
    return place;
  };
  const written = (part: unknown): unknown => {
    // The SDK defers what stands further down in its file.
    if (typeof part === 'function') return written(part());
    if (isShape(part)) return { shape: placeOf(part) } satisfies Reference;
    return Array.isArray(part) ? part.map(written) : part;
  };
  const exported: Record<string, number> = {};
  for (const [name, value] of Object.entries(sdkPackage)) {
    if (name.endsWith('$') && isShape(value) && (value[0] === operation || value[0] === error)) exported[name] = placeOf(value);
  }
  return { exported, shapes };
}

/** The same shapes under the same names as the SDK package exports them. */
export function shapesIn({ exported, shapes }: ShapeTable): object {
  const made: unknown[] = shapes.map((shape) => read(shape));
  function read(part: unknown): unknown {
    if (Array.isArray(part)) return part.map(read);
    return isReference(part) ? () => made[part.shape] : part;
  }
  return Object.fromEntries(Object.entries(exported).map(([name, place]) => [name, made[place]]));
}

/** A shape has a number, a name space and a name; all other arrays are part of one. */
function isShape(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string' && typeof value[2] === 'string';
}

function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && 'shape' in value;
}
