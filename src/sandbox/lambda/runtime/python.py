"""What runs inside the process of a Python function.

It fetches events from the Lambda Runtime API, calls the handler and sends back what came of it, with the log lines and
error shapes of Lambda's own runtime (awslambdaric). Only the standard library is used.
"""

import datetime
import http.client
import importlib
import json
import logging
import os
import struct
import sys
import time
import traceback

HOST, _, REST = os.environ["AWS_LAMBDA_RUNTIME_API"].partition(":")
PORT, _, PREFIX = REST.partition("/")
ROOT = os.environ["LAMBDA_TASK_ROOT"]
STDOUT = 1
FRAME_MARK = 0xA55A0003


class RuntimeFault(Exception):
    """An error of the runtime about the function; `kind` is what Lambda calls it."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind = kind
        self.trace = list(trace)


class RuntimeApi:
    """The connection breaks only when whoever started this process is gone; then this process goes as well."""

    def __init__(self):
        self.connection = http.client.HTTPConnection(HOST, int(PORT))

    def call(self, method, path, body=None, headers=None):
        try:
            self.connection.request(method, f"/{PREFIX}/2018-06-01/runtime/{path}", body, headers or {})
            answer = self.connection.getresponse()
            return answer, answer.read()
        except (OSError, http.client.HTTPException):
            os._exit(1)


class SandboxClock:
    """Shows a function the sandbox's time where that is ahead of the machine's.

    What handlers ordinarily ask follows it: time.time, time_ns, gmtime, localtime, ctime, asctime and strftime; datetime.now,
    utcnow and today; date.today. What measures how long something takes stays as it is (time.monotonic, perf_counter,
    sleep), and so does what asks the operating system by itself: time.clock_gettime, the times of files, other programs.
    """

    def __init__(self, ahead):
        self.ahead = ahead  # milliseconds
        self.patch_time()
        self.patch_datetime()

    def patch_time(self):
        real_time, real_time_ns = time.time, time.time_ns
        time.time = lambda: real_time() + self.ahead / 1000
        time.time_ns = lambda: real_time_ns() + self.ahead * 1_000_000
        for name in ("gmtime", "localtime", "ctime"):
            real = getattr(time, name)
            setattr(time, name, lambda seconds=None, real=real: real(time.time() if seconds is None else seconds))
        real_asctime, real_strftime = time.asctime, time.strftime
        time.asctime = lambda moment=None: real_asctime(time.localtime() if moment is None else moment)
        time.strftime = lambda form, moment=None: real_strftime(form, time.localtime() if moment is None else moment)

    @staticmethod
    def patch_datetime():
        class StandIn(type):
            """Whatever is an instance of the class that a stand-in was made from counts as an instance of the stand-in."""

            def __instancecheck__(cls, instance):
                real = vars(cls).get("stands_for")
                return super().__instancecheck__(instance) if real is None else isinstance(instance, real)

            def __subclasscheck__(cls, other):
                real = vars(cls).get("stands_for")
                return super().__subclasscheck__(other) if real is None else issubclass(other, real)

        class Date(datetime.date, metaclass=StandIn):
            stands_for = datetime.date

            @classmethod
            def today(cls):
                return cls.fromtimestamp(time.time())

        class DateTime(datetime.datetime, metaclass=StandIn):
            stands_for = datetime.datetime

            @classmethod
            def now(cls, tz=None):
                return cls.fromtimestamp(time.time(), tz)

            @classmethod
            def today(cls):
                return cls.now()

            @classmethod
            def utcnow(cls):
                return cls.now(datetime.timezone.utc).replace(tzinfo=None)

            def date(self):
                return Date(self.year, self.month, self.day)

        for stand_in in (Date, DateTime):
            # They print and pickle as what they stand for.
            stand_in.__name__ = stand_in.__qualname__ = stand_in.stands_for.__name__
            stand_in.__module__ = "datetime"
            stand_in.__repr__ = lambda self, real=stand_in.__repr__: ("datetime." if "stands_for" in vars(type(self)) else "") + real(self)
            setattr(datetime, stand_in.__name__, stand_in)


class Context:
    """What a handler is given besides its event."""

    def __init__(self, headers):
        environment = os.environ
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = environment.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = environment.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = environment.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environment.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.identity = None
        self.client_context = json.loads(headers.get("Lambda-Runtime-Client-Context", "null"))
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))


class LambdaHandler(logging.Handler):
    """`[LEVEL]\\ttime\\trequest id\\tmessage`, as the handler that Lambda puts on the root logger writes it."""

    request_id = ""

    def emit(self, record):
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        text = logging.Formatter("%(message)s").format(record)
        write_event(f"[{record.levelname}]\t{moment}.{int(record.msecs):03d}Z\t{self.request_id}\t{text}\n")


def write_event(text):
    """Writes one event, however many lines it has: a frame on stdout keeps it together."""
    message = text.encode("utf8", "backslashreplace")
    frame = struct.pack(">IIQ", FRAME_MARK, len(message), int(time.time() * 1_000_000)) + message
    while frame:
        frame = frame[os.write(STDOUT, frame) :]


def load_handler(name):
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise RuntimeFault("Runtime.MalformedHandlerName", f"Bad handler '{name}': {error}") from None
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise RuntimeFault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from None
    except SyntaxError as error:
        place = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise RuntimeFault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", [place]) from None
    handler = getattr(module, function_name, None)
    if handler is None:
        raise RuntimeFault("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")
    return handler


def describe(error):
    """The type, the message and the stack of an error, without the frames of this file."""
    if isinstance(error, RuntimeFault):
        return error.kind, str(error), error.trace
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    trace = [frame for frame in traceback.format_list(frames) if "importlib" not in frame]
    return type(error).__name__, str(error), trace


def report(api, path, request_id, error):
    kind, message, trace = describe(error)
    # Lambda keeps the indentation, which CloudWatch would otherwise strip, with no-break spaces.
    lines = [line.replace(" ", "\u00a0", len(line) - len(line.lstrip(" "))) for entry in trace for line in entry.rstrip("\n").split("\n")]
    write_event("\n".join([f"[ERROR] {kind}: {message}", "Traceback (most recent call last):", *lines]) + "\n")
    body = {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}
    api.call("POST", path, json.dumps(body), {"Lambda-Runtime-Function-Error-Type": kind})


def serialize(result):
    try:
        return json.dumps(result, ensure_ascii=False).encode("utf8")
    except (TypeError, ValueError) as error:
        raise RuntimeFault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


def main():
    api = RuntimeApi()
    log = LambdaHandler()
    logging.getLogger().addHandler(log)
    # Where the sandbox's time is not the machine's, it says so with an argument, which functions have no business with.
    clock = SandboxClock(int(sys.argv.pop())) if len(sys.argv) > 1 else None
    # The folder of this file stands first; functions have theirs there.
    sys.path[0] = ROOT
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:  # whatever the function's module raises
        report(api, "init/error", "", error)
        sys.exit(1)
    while True:
        answer, event = api.call("GET", "invocation/next")
        if answer.status != 200:
            sys.exit(1)
        request_id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
        log.request_id = request_id
        if clock is not None:
            clock.ahead = int(answer.headers["Sandbox-Clock-Ahead-Ms"])
        try:
            result = serialize(handler(json.loads(event), Context(answer.headers)))
        except Exception as error:  # whatever the handler raises
            report(api, f"invocation/{request_id}/error", request_id, error)
        else:
            api.call("POST", f"invocation/{request_id}/response", result)


main()
