"""The terminal that commands write to, and progress bars."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autokode.base.messages import say

Terminal = Console
"""The type of what commands write to."""


def console(*, stderr: bool = False) -> Console:
    """Make a console; outside a terminal it writes plain text, 100 columns wide."""
    out = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not out.is_terminal:
        out = Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=100)
    return out


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on stderr during a long step; yield a function to call with (name of the current item, done, total)."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[now]}"))
    out = console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=out, transient=out.is_terminal) as bar:
        task = bar.add_task(what, total=None, now="")

        def step(now: str, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, now=now)

        yield step
        bar.update(task, completed=1, total=1, now="")


@contextmanager
def throughput(what: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """Show a bar with utterances per second and the time left; yield a function to call with (utterances, bytes done)."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[now]}"))
    left = TextColumn(say("· igjen", "· left"))
    out = console(stderr=True)
    with Progress(
        *columns, left, TimeRemainingColumn(), console=out, transient=True, disable=not out.is_terminal
    ) as bar:
        task = bar.add_task(what, total=total, now="")

        def step(utterances: int, done: int) -> None:
            seconds = bar.tasks[0].elapsed or 0
            rate = f"{utterances / seconds:,.0f}".replace(",", "\u00a0") if seconds > 0 else "–"
            bar.update(task, completed=done, now=say(f"{rate} ytringer/s", f"{rate} utterances/s"))

        yield step
