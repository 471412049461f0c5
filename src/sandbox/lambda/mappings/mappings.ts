import { type Cloud, type Scope, slot } from '../../cloud.ts';
import { notFound } from '../error.ts';
import type { EventSourceMapping } from './mapping.ts';

/** The event-source mappings of one account in one region. */
export class Mappings {
  readonly #byUuid = new Map<string, EventSourceMapping>();

  /** By UUID. */
  all(): readonly EventSourceMapping[] {
    return [...this.#byUuid.values()].sort((one, other) => (one.uuid < other.uuid ? -1 : 1));
  }

  add(mapping: EventSourceMapping): void {
    this.#byUuid.set(mapping.uuid, mapping);
  }

  delete(mapping: EventSourceMapping): void {
    this.#byUuid.delete(mapping.uuid);
  }

  find(uuid: string): EventSourceMapping | undefined {
    return this.#byUuid.get(uuid);
  }

  /** @throws {AwsError} ResourceNotFoundException */
  get(uuid: string): EventSourceMapping {
    const mapping = this.find(uuid);
    if (mapping === undefined) throw notFound('The resource you requested does not exist.');
    return mapping;
  }
}

const mappings = slot('lambda-mappings', () => new Mappings());

export function mappingsOf(cloud: Cloud, scope: Scope): Mappings {
  return cloud.state(mappings, scope);
}
