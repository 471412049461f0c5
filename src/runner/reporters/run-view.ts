import type { ApiCall } from '../../aws/api-call.ts';
import type { Paint } from '../../util/text.ts';
import type { RunEvent } from '../event.ts';

export interface TerminalOptions {
  readonly write: (text: string) => void;
  /** Characters of a line. */
  readonly width: number;
  readonly colour: boolean;
  /** `quiet`: what is not met, and the end. `brief`: every step, without the page. `full`: for somebody who does the lab. */
  readonly detail: 'quiet' | 'brief' | 'full';
  /** Show every API call with its duration and request id. */
  readonly calls: boolean;
  /** The AWS CLI commands of a call. */
  readonly cliLines: (call: ApiCall) => readonly string[];
  /** Makes the prose of the page readable in the terminal. Needed for `full`. */
  readonly renderMarkdown?: (markdown: string) => string;
}

/** What has to be remembered from one event to the next. */
export interface RunView extends TerminalOptions {
  readonly paint: Paint;
  steps: number;
  lasting: boolean;
  /** Whether the step that is worked on only reads, so that its answer is what it is there for. */
  readsOnly: boolean;
  /** Of the step that is worked on, from 0. */
  index: number;
  /** Whether the step that is worked on is shown. One that is taken up without questions was seen before. */
  asked: boolean;
  /** Whether the prose in front of the answer has been shown. */
  answerProseShown: boolean;
  /** Messages of problems that have been printed. */
  readonly told: Set<string>;
  /** Resources that stay because that was asked for. */
  kept: number;
  start?: Extract<RunEvent, { type: 'run-started' }>;
}
