import { looked } from '../../steps/finding.ts';
import type { Finding } from '../../steps/step.ts';

const gone = 'gone';

/** The finding that something was to be removed, and is or is not. */
export function removalFinding(what: string, there: boolean, hint: string): Finding {
  return looked(what, !there, gone, there ? 'still there' : gone, hint);
}

export function isAboutRemoval({ expected }: Finding): boolean {
  return expected === gone;
}
