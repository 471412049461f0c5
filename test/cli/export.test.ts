import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { writeLab } from '../support/page.ts';

describe('export', () => {
  it('prints a script, or writes it so that it can be started', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream', 'record']);
    const printed = await cli(['export', lab, '--prefix', 'ada', '--set', 'message=Hi there'], { home });
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(printed.stdout).toMatch(/^#!\/usr\/bin\/env bash\n# Lab 07: Streams\n/);
    expect(printed.stdout).toContain('aws kinesis create-stream --stream-name ada-orders --shard-count 1\n');
    expect(printed.stdout).toContain("--data 'Hi there' $RAW_BYTES\n");
    const written = await cli(['export', lab, '--prefix', 'ada', '--set', 'message=Hi there', '--output', 'lab.sh'], { home });
    expect(written).toEqual({ code: 0, stdout: 'lab.sh is written.\n', stderr: '' });
    expect(readFileSync(join(home, 'lab.sh'), 'utf8')).toBe(printed.stdout);
    expect(statSync(join(home, 'lab.sh')).mode & 0o111).toBe(0o111);
  });

  it('prints a tutorial that reads as a page: no steps, no references, no answers to be compared', async () => {
    const { code, stdout, stderr } = await cli(['export', '01', '--format', 'markdown']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^# Hello, Kinesis\n\n\*Publish an event .*\* It takes about 20 minutes\.\n/);
    expect(stdout).toContain('```sh\naws kinesis list-streams\n```\n\n<details><summary>Hint</summary>\n');
    expect(stdout).toContain('```json\n{ "ShardId": "shardId-000000000000", "SequenceNumber": "…" }\n```\n');
    expect(stdout).toContain('STREAM_ARN=$(aws kinesis describe-stream');
    expect(stdout).toContain('    "StreamARN": "$STREAM_ARN",\n');
    expect(stdout).toContain('(cd assets/kinesis-event-logger && zip -q -r -FS /tmp/kinesis-event-logger.zip .)\n');
    expect(stdout.slice(stdout.indexOf('## The commands that take it down'))).toMatch(
      /delete-event-source-mapping.*delete-function.*delete-log-group.*delete-stream.*detach-role-policy.*delete-role /s,
    );
    expect(stdout).not.toMatch(/\$\{\{|yaml step|json output|<any>|<more>|kq7x|7731\d{4}/);
  });

  it.each([
    [['export', '01', '--format', 'pdf'], "argument 'pdf' is invalid. Allowed choices are bash, markdown."],
    [['export', '99'], 'There is no lab "99".'],
    [['export', '01', '--output', 'no/such/folder/lab.sh'], 'no/such/folder/lab.sh cannot be written'],
    [['export', '01', '--set', 'masage=x'], 'Did you mean "message"?'],
  ])('%j: one message on standard error, exit 2', async (args, says) => {
    const { code, stdout, stderr } = await cli(args);
    expect(stderr).toContain(says);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
