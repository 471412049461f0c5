import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { openSession } from '../../src/aws/session.ts';
import { createWait } from '../../src/aws/wait.ts';
import { wallClock } from '../../src/util/clock.ts';
import { cli, temporaryFolder } from '../support/cli.ts';
import { environmentFor } from '../support/environment.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { writeLab } from '../support/page.ts';
import { roleSession } from '../support/role-session.ts';

const lasting = lastingSandbox();
const home = temporaryFolder();
const lab = writeLab(home, ['stream']);

describe('a class in one account', () => {
  beforeAll(async () => {
    const all = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
    const cleo = await roleSession(lasting.sandbox, 'students', all, 'cleo@uni.example');
    const dora = await roleSession(lasting.sandbox, 'students', all, 'dora@uni.example');
    const does = (prefix: string, env: Readonly<Record<string, string>>) =>
      cli(['start', lab, '--yes', '--keep', '--prefix', prefix], { home, env });
    for (const prefix of ['ada', 'ben']) await does(prefix, lasting.env);
    for (const [prefix, { credentials }] of [
      ['cleo', cleo],
      ['dora', dora],
    ] as const)
      await does(prefix, environmentFor(lasting.sandbox, credentials));
    writeFileSync(join(home, 'class.csv'), 'student,prefix\nada,ada\nben,ben\ncleo,cleo\ndora,dora\n');
  });

  it('is told of those whose work was made with the same credentials, which is no judgement', async () => {
    const { code, stdout } = await cli(['verify', lab, '--roster', 'class.csv', '--report', 'json=m.json'], {
      home,
      cwd: home,
      env: lasting.env,
    });
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /To be looked at, which is no judgement ada, ben have what was made with the same credentials, by the mark [0-9a-f]{16}\./,
    );
    const { summary, students } = JSON.parse(readFileSync(join(home, 'm.json'), 'utf8'));
    expect(summary.alike).toEqual([{ kind: 'principal', value: students[0].learner.by, students: ['ada', 'ben'] }]);
    expect(new Set(students.map(({ learner }: { readonly learner: { readonly by: string } }) => learner.by)).size).toBe(3);
  });

  it('finds nobody by name in the tags', async () => {
    const aws = openSession({ target: lasting.target, clock: wallClock, wait: createWait({ clock: wallClock }) });
    const { Tags = [] } = await aws.call(apiCall('kinesis', 'ListTagsForStream', { StreamName: 'cleo-orders' }));
    expect(Tags.map(({ Key }) => Key)).toEqual(expect.arrayContaining(['kinesis-labs:by', 'kinesis-labs:run']));
    expect(JSON.stringify(Tags)).not.toContain('uni.example');
    aws.destroy();
  });

  it('is not told so of one account under two names, of which it is told once', async () => {
    writeFileSync(join(home, 'twice.csv'), 'student,prefix\nada,ada\nadele,ada\n');
    const { stdout } = await cli(['verify', lab, '--roster', 'twice.csv', '--report', 'json=twice.json'], {
      home,
      cwd: home,
      env: lasting.env,
    });
    expect(stdout.replace(/\s+/g, ' ')).toContain('ada, adele have the same account 000000000000 in us-east-1 with the prefix ada.');
    const { summary } = JSON.parse(readFileSync(join(home, 'twice.json'), 'utf8'));
    expect(summary.alike.map(({ kind }: { readonly kind: string }) => kind)).toEqual(['account', 'nonce']);
  });
});
