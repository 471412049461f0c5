import { describe, expect, it } from 'vitest';
import { profileLines, settingLines, shellOf } from '../../src/cli/setting-lines.ts';
import { hasProgram, needs, run } from '../support/programs.ts';

const environment = { AWS_REGION: 'us-east-1', ODD: `it's $HOME "and" \\more\\'`, AWS_PROFILE: undefined, AWS_SESSION_TOKEN: undefined };
const present = { AWS_PROFILE: 'mine' };

describe('lines that set an environment up', () => {
  it('are those of the shell, and take away what is in the way', () => {
    expect(settingLines('bash', environment, present)).toContain('unset AWS_PROFILE');
    expect(settingLines('zsh', environment, present)).toEqual(settingLines('bash', environment, present));
    expect(settingLines('fish', environment, present)).toEqual([
      "set -gx AWS_REGION 'us-east-1'",
      `set -gx ODD 'it\\'s $HOME "and" \\\\more\\\\\\''`,
      'set -e AWS_PROFILE',
    ]);
    expect(settingLines('powershell', environment, present)).toEqual([
      "$env:AWS_REGION = 'us-east-1'",
      `$env:ODD = 'it''s $HOME "and" \\more\\'''`,
      'Remove-Item Env:AWS_PROFILE',
    ]);
  });

  const programs = { bash: 'bash', zsh: 'zsh', fish: 'fish', powershell: 'pwsh' } as const;
  for (const [shell, program] of Object.entries(programs) as [keyof typeof programs, string][]) {
    const there = hasProgram(program);
    it.skipIf(!there)(`mean to ${program} what they say${needs(program, there)}`, async () => {
      const script = [
        ...settingLines(shell, environment, present),
        `& '${process.execPath}' -p 'JSON.stringify([process.env.ODD, process.env.AWS_PROFILE])'`.slice(shell === 'powershell' ? 0 : 2),
      ];
      const env = { PATH: process.env['PATH'] ?? '', ...present };
      const { stdout, stderr } = await run(program, ['-c', script.join('\n')], { env });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual([environment.ODD, null]);
    });
  }

  it('are for the shell that somebody uses', () => {
    expect(shellOf({ SHELL: '/usr/bin/fish' })).toBe('fish');
    expect(shellOf({ SHELL: '/usr/bin/pwsh' })).toBe('powershell');
    expect(shellOf({ SHELL: '/bin/zsh' })).toBe('bash');
    expect(shellOf({})).toBe('bash');
  });
});

describe('a profile', () => {
  it('is a section of a configuration file', () => {
    expect(profileLines('class', { region: 'us-east-1' })).toEqual(['[profile class]', 'region = us-east-1']);
  });
});
