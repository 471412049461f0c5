import { randomBytes } from 'node:crypto';
import type { Cloud } from '../../cloud.ts';
import { AwsError } from '../../error.ts';
import { assumableByService, serviceSession } from '../../iam/access.ts';
import { tooManyRequests } from '../error.ts';
import type { FunctionIdentity, FunctionVersion } from '../functions/version.ts';
import { ExecutionEnvironment } from './environment.ts';
import { EnvironmentLog, logStreamName } from './environment-log.ts';
import { functionHost } from './host.ts';
import { interpreterFor } from './interpreters.ts';
import { initStartLine } from './log-lines.ts';
import { environmentVariables } from './variables.ts';

/** Milliseconds for which the credentials of an environment are good, and before whose end it is not used any more. */
const sessionLength = 12 * 3_600_000;
const sessionMargin = 20 * 60_000;

/** The execution environments of one function, or of one of its versions, that wait for its next event. */
export class EnvironmentPool {
  readonly #cloud: Cloud;
  readonly #identity: FunctionIdentity;
  /** The one that was used last stands last, and is used first. */
  #idle: ExecutionEnvironment[] = [];

  constructor(cloud: Cloud, identity: FunctionIdentity) {
    this.#cloud = cloud;
    this.#identity = identity;
  }

  /**
   * An environment that runs `version` and nothing at the moment: a warm one, or a new one that still has to be initialised.
   * @throws {AwsError} when the role cannot be assumed, the interpreter is missing, or too many are running.
   */
  async acquire(version: FunctionVersion): Promise<{ readonly environment: ExecutionEnvironment; readonly cold: boolean }> {
    for (let warm = this.#idle.pop(); warm !== undefined; warm = this.#idle.pop()) {
      warm.host.wake(warm);
      if (warm.version === version && warm.usable && this.#cloud.clock.now() < warm.expiresAt - sessionMargin) {
        return { environment: warm, cold: false };
      }
      void warm.stop();
    }
    return { environment: await this.#start(version), cold: true };
  }

  /** Takes an environment back after an invocation. @param current the version that the function has now; undefined when it is deleted. */
  release(environment: ExecutionEnvironment, current: FunctionVersion | undefined): void {
    if (!environment.usable || environment.version !== current || this.#cloud.signal.aborted) {
      void environment.stop();
      return;
    }
    this.#idle = this.#idle.filter(({ usable }) => usable);
    this.#idle.push(environment);
    environment.host.rest(environment);
  }

  /** Ends the environments that are idle; those that are at work are ended when they are given back. */
  async retire(): Promise<void> {
    const idle = this.#idle;
    this.#idle = [];
    await Promise.all(idle.map((environment) => environment.stop()));
  }

  async #start(version: FunctionVersion): Promise<ExecutionEnvironment> {
    const { settings } = version;
    const { scope, name, arn } = this.#identity;
    if (!assumableByService(this.#cloud, settings.role, 'lambda.amazonaws.com', { 'aws:SourceArn': arn })) {
      // Code and status at the time of an invocation are unverified.
      throw new AwsError('AccessDeniedException', 'The role defined for the function cannot be assumed by Lambda.', { status: 403 });
    }
    const [host, interpreter] = await Promise.all([functionHost(this.#cloud), interpreterFor(settings.runtime, settings.memorySize)]);
    if (!(await host.makeRoom())) throw tooManyRequests('ConcurrentInvocationLimitExceeded');
    const now = this.#cloud.clock.now();
    const stream = logStreamName(now, version.number, randomBytes(16).toString('hex'));
    const log = new EnvironmentLog(this.#cloud, scope, { group: settings.logGroup, stream, roleArn: settings.role });
    log.open();
    log.write(initStartLine(settings.runtime, interpreter.version, scope.region));
    const credentials = serviceSession(this.#cloud, settings.role, {
      name,
      durationMs: sessionLength,
      // Lambda Developer Guide, "Using source function ARN to control function access behavior".
      keys: { 'lambda:SourceFunctionArn': arn },
    });
    return new ExecutionEnvironment({
      host,
      identity: this.#identity,
      version,
      interpreter,
      log,
      clock: this.#cloud.clock,
      expiresAt: now + sessionLength,
      variables: (own) =>
        environmentVariables({
          identity: this.#identity,
          version,
          interpreter,
          credentials,
          logStream: stream,
          own,
          endpoint: this.#cloud.endpoint,
          modules: host.modulesFolder,
        }),
    });
  }
}
