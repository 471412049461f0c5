import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';

/** No call can succeed for now, of any service or of the one that was called. */
export class AccessLost extends UserError {
  readonly reason: 'credentials' | 'network';
  readonly scope: 'everything' | 'service';

  constructor(message: string, options: { readonly hint: string } & Pick<AccessLost, 'reason' | 'scope'>) {
    super(message, { exitCode: ExitCode.couldNotRun, hint: options.hint });
    this.reason = options.reason;
    this.scope = options.scope;
  }
}
