"""Long work in a process of its own, which gives way to the page, so that the page answers meanwhile.

What is to be done goes to the process by its standard input, as JSON, since any user of a machine can read command lines. It
answers in lines of JSON.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

BEHIND = 10
"""How nice (`setpriority`) the work is to other processes."""


def begin(
    module: str, asked: Mapping[str, Any], *, heard: Callable[[dict[str, Any]], None], ended: Callable[[], None]
) -> "subprocess.Popen[str]":
    """Start a module as a process.

    Args:
        module: its name.
        asked: what it is to do.
        heard: called, in a thread, with each line that it writes.
        ended: called, in that thread, when the process has ended, by itself or by somebody who ended it.
    """
    process = running(module, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    threading.Thread(target=_follow, args=(process, json.dumps(asked), heard, ended), daemon=True).start()
    return process


def running(*arguments: str, stdin: int, stdout: int, stderr: int) -> "subprocess.Popen[str]":
    """Start `python -m` with arguments and streams, behind all that a person waits for."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", *arguments],
        text=True,
        encoding="utf-8",
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),  # Windows
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
    )
    with contextlib.suppress(OSError, AttributeError):  # it may have ended; Windows has its own way
        os.setpriority(os.PRIO_PROCESS, process.pid, BEHIND)
    return process


def _follow(
    process: "subprocess.Popen[str]",
    written: str,
    heard: Callable[[dict[str, Any]], None],
    ended: Callable[[], None],
) -> None:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 - pipes, as asked for
    with contextlib.suppress(OSError), process.stdin as stream:  # it may have ended
        stream.write(written)
    with process.stdout as lines, contextlib.suppress(ValueError):  # it may end in the middle of a line
        for line in lines:
            heard(json.loads(line))
    process.wait()
    ended()
