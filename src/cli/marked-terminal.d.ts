// The package has no types of its own. Only what is used here is declared.
declare module 'marked-terminal' {
  import type { MarkedExtension } from 'marked';

  export interface MarkedTerminalOptions {
    /** Characters of a line, when `reflowText` is set. */
    readonly width?: number;
    readonly reflowText?: boolean;
    /** Print the `#` of headings. */
    readonly showSectionPrefix?: boolean;
    /** Characters of an indent. */
    readonly tab?: number;
    /** Replace `:name:` by the emoji of that name. */
    readonly emoji?: boolean;
  }

  export function markedTerminal(options?: MarkedTerminalOptions): MarkedExtension;
}
