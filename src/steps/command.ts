/** Something that is run in a shell on this machine. */
export interface Command {
  /** For bash, which stops at the first command that fails. */
  readonly script: string;
  /** Absolute path of a folder: the script runs in a copy of it, otherwise in an empty folder. */
  readonly files?: string;
  /** Variables on top of those with which AWS programs reach the target. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** How a command ended. */
export interface CommandResult {
  /** Absent when it was ended by a signal. */
  readonly exitCode?: number;
  /** Whether it was stopped because its time was over. */
  readonly late: boolean;
  readonly durationMs: number;
  /** What it printed, both streams in one, without control characters and secrets; the end of very much is missing. */
  readonly output: string;
}

/**
 * Runs a command to its end. Nothing that it has started is running afterwards, except what hides from the system that it was
 * started by it.
 * @throws the signal's reason when the run is interrupted.
 */
export type RunCommand = (command: Command, signal: AbortSignal) => Promise<CommandResult>;

/** The commands of one step. */
export interface Commands {
  run(command: Command): Promise<CommandResult>;
  /** How this very command ended when it was run since the step began; `undefined` when it was not. */
  ended(command: Command): CommandResult | undefined;
}
