#!/usr/bin/env node
import { ExitCode } from '../util/exit-code.ts';
import { guardProcess } from './last-resort.ts';
import { isVerbose, runProgram } from './program.ts';
import { surroundingsOf } from './surroundings.ts';

// Whatever keeps the program from its end, it has not succeeded.
process.exitCode = ExitCode.couldNotRun;
// The SDK's announcement that it will want a newer Node some day is not for somebody who came to learn Kinesis.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const argv = process.argv.slice(2);
const io = surroundingsOf(process);
guardProcess(io, isVerbose(argv));
runProgram(argv, io).then((code) => {
  process.exitCode = code;
});
