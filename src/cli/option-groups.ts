import { type Command, Option } from 'commander';
import { accountNumber, addOne, addSetting, hoursNumber, roleArn } from './options.ts';

type OptionGroup = (command: Command) => void;

/** Gives a command what several have, and returns it. */
export function withOptions(command: Command, ...groups: readonly OptionGroup[]): Command {
  for (const add of groups) add(command);
  return command;
}

/** How a command says what it has to say. */
export function outputOptions(command: Command): void {
  command
    .option('--json', 'print JSON, for programs')
    .option('--no-color', 'print without colours (as NO_COLOR does)')
    .addOption(new Option('-q, --quiet', 'print only what is not met, and the end').conflicts('verbose'))
    .option('-v, --verbose', 'print every API call, and where a bug happened');
}

/** Where AWS is, and who asks. */
export function targetOptions(command: Command): void {
  command
    .option('--target <sandbox|aws|URL>', 'where AWS is (default: the sandbox in this program, or AWS_ENDPOINT_URL)')
    .option('--profile <name>', 'credentials and region of this profile')
    .option('--region <region>', 'AWS region')
    .addOption(new Option('--account <digits>', 'the only account to work in').argParser(accountNumber('--account')));
}

export function faultOption(): Option {
  return new Option('--fault <where=what>', 'let the sandbox misbehave: kinesis:PutRecord=throttle,times=3; can be repeated').argParser(
    addOne,
  );
}

export function useRoleOption(): Option {
  return new Option('--use-role <arn>', 'use this role in the place of those that the lab creates').argParser(roleArn);
}

export function labsOption(): Option {
  return new Option('--lab <lab>', 'a lab that it is about; can be repeated (default: all)').argParser(addOne);
}

export function keepLogsOption(): Option {
  return new Option('--keep-logs', 'remove everything but the logs, which show that the lab was done: for verify --expect finished');
}

export function probeOption(): Option {
  return new Option('--probe', 'also what verify --probe takes: to put records into the streams of the labs');
}

export function maxHoursOption(): Option {
  return new Option('--max-hours <hours>', 'how long what is created may live: a lab that goes on is ended then').argParser(hoursNumber);
}

export function preflightOption(): Option {
  return new Option('--no-preflight', 'begin without looking first at permissions, quotas and names');
}

/** What a lab is to be like. */
export function labOptions(command: Command): void {
  command
    .option('--allow-shell', 'let a lab file of somebody else run its commands on this machine')
    .option('--prefix <text>', 'put in front of the names of all resources')
    .addOption(useRoleOption())
    .addOption(new Option('--set <name=value>', 'set a variable or name of the lab; can be repeated').argParser(addSetting));
}
