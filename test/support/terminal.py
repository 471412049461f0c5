"""Runs a command in a pseudo-terminal and plays somebody who sits at it.

Arguments: a JSON list of [what to wait for, what to type then] pairs, and the command. Typing null closes the terminal; a number is that
of a signal that the command gets. The terminal is 100 characters wide, or as PLAYED_COLUMNS says. Prints what the terminal showed;
exits with the command's code (128 and the number of the signal that ended it), or 70 when something that was waited for did not come.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

MOST_SECONDS = 15

script = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
columns = int(os.environ.get("PLAYED_COLUMNS", "100"))
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))

shown = b""
seen = 0
deadline = time.monotonic() + MOST_SECONDS


def read_more():
    """Whether the terminal showed something more."""
    global shown
    ready, _, _ = select.select([terminal], [], [], 0.2)
    if not ready:
        return True
    try:
        data = os.read(terminal, 65536)
    except OSError:
        return False
    shown += data
    return data != b""


def finish(code):
    sys.stdout.buffer.write(shown)
    sys.exit(code)


for awaited, typed in script:
    while awaited.encode() not in shown[seen:]:
        if time.monotonic() > deadline or not read_more():
            sys.stderr.write(f"not shown: {awaited!r}\n")
            finish(70)
    seen = shown.index(awaited.encode(), seen) + len(awaited.encode())
    if typed is None:
        os.close(terminal)
        terminal = None
    elif isinstance(typed, int):
        os.kill(pid, typed)
    else:
        os.write(terminal, typed.encode())

while terminal is not None and read_more():
    if time.monotonic() > deadline:
        sys.stderr.write("does not end\n")
        finish(70)
while True:
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended:
        code = os.waitstatus_to_exitcode(status)
        finish(code if code >= 0 else 128 - code)
    if time.monotonic() > deadline:
        sys.stderr.write("does not end\n")
        finish(70)
    time.sleep(0.02)
