import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './cli.ts';
import { until } from './processes.ts';

/** A folder in which functions, each in a process of its own, and a test wait for each other: whoever is there leaves a mark. */
export class MeetingPlace {
  readonly #folder = temporaryFolder();

  /** A statement for the code of a function: it enters, and goes on as soon as so many have. @throws there, after five seconds. */
  code(count: number): string {
    const folder = JSON.stringify(this.#folder);
    return `
      require('node:fs').mkdtempSync(${folder} + '/');
      for (let tries = 0; require('node:fs').readdirSync(${folder}).length < ${count}; tries += 1) {
        if (tries === 500) throw new Error('Nobody came.');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }`;
  }

  enter(): void {
    mkdtempSync(join(this.#folder, '/'));
  }

  /** Waits until so many have entered. */
  async holds(count: number): Promise<void> {
    await until(() => readdirSync(this.#folder).length >= count);
  }
}
