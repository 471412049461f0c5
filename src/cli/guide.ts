import { isReadOnly } from '../aws/api-call.ts';
import type { Choice, Guide } from '../runner/guide.ts';
import { legible } from '../util/printable.ts';
import { createPaint, indented } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import type { Interrupts } from './interrupts.ts';
import { type Option, PromptClosed, type Prompter } from './prompter.ts';
import { askQuestion } from './question.ts';
import { settingLines, shellOf } from './setting-lines.ts';
import { openShell } from './subshell.ts';
import type { Surroundings } from './surroundings.ts';
import type { OpenTarget } from './target.ts';

/** Asks the learner at the terminal. */
export function createGuide(prompter: Prompter, interrupts: Interrupts, { target, environment }: OpenTarget, io: Surroundings): Guide {
  const paint = createPaint(io.colour);

  async function shell(): Promise<void> {
    io.out(
      `\n${paint('dim', `In this shell, aws and other AWS programs talk to ${target.label === 'sandbox' ? 'the sandbox' : legible(target.label)}. Come back with: exit`)}\n`,
    );
    try {
      await interrupts.leaveTo(() => openShell(environment, io, interrupts.signal));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      io.out(`${legible(`${error.message} ${error.hint ?? ''}`)}\n`);
    }
    io.out('\n');
  }

  /** Where nobody can answer any more, nobody is there. */
  async function answered<T>(asking: Promise<T>): Promise<T> {
    try {
      return await asking;
    } catch (error) {
      if (error instanceof PromptClosed) interrupts.hangUp();
      throw error;
    }
  }

  return {
    async choose({ step, bound, first, anew, signal }) {
      const hint = step.block.hint !== undefined;
      const question = bound.question();
      if (question !== undefined) return answered(askQuestion(question, prompter, { first, hint, signal }));
      const looks = bound.script() === undefined && bound.explain().every(isReadOnly);
      const elsewhere = bound.leavesTrace();
      let byHand = !first;
      io.out('\n');
      for (;;) {
        const options = optionsFor({ looks, elsewhere, byHand, hint, anew: anew && !first });
        const choice = await answered(prompter.choose(first ? 'How do you want to do it?' : 'Not met yet. What now?', options, signal));
        if (choice === 'shell') await shell();
        else if (choice === 'exports')
          io.reveal(`\n${indented(settingLines(shellOf(io.env), environment, io.env).join('\n'), '    ')}\n\n`);
        else return choice;
        byHand = true;
      }
    },

    async confirmTeardown({ refs, signal }) {
      if (!interrupts.byHand) return true;
      const what = refs.length === 1 ? 'the one resource that' : `the ${refs.length} resources that`;
      io.out('\n');
      return prompter.confirm(`Remove ${what} this lab created?`, true, signal).catch((error) => {
        if (error instanceof PromptClosed) return true;
        throw error;
      });
    },
  };
}

/** What can be chosen; what is most likely stands first. */
function optionsFor(step: {
  readonly looks: boolean;
  /** Whether it can be seen here that it was done elsewhere. */
  readonly elsewhere: boolean;
  readonly byHand: boolean;
  readonly hint: boolean;
  readonly anew: boolean;
}): readonly Option<Extract<Choice, string> | 'shell' | 'exports'>[] {
  const apply = { value: 'apply', title: step.looks ? 'Show me' : 'Do it for me' } as const;
  const check = { value: 'check', title: step.looks ? 'I have seen it: check' : 'I have done it: check' } as const;
  return [
    ...(!step.elsewhere ? [apply] : step.byHand ? [check, apply] : [apply, check]),
    { value: 'shell', title: step.elsewhere ? 'Open a shell to do it myself' : 'Open a shell to look around' },
    ...(step.elsewhere ? [{ value: 'exports', title: 'Show what to paste into another terminal to do it there' } as const] : []),
    ...(step.hint ? [{ value: 'hint', title: 'Give me a hint' } as const] : []),
    ...(step.anew ? [{ value: 'anew', title: 'Begin it anew: what there is of it is removed' } as const] : []),
    { value: 'skip', title: step.looks ? 'Skip it' : 'Skip it: it is done for me, without points' },
    { value: 'quit', title: 'Leave' },
  ];
}
