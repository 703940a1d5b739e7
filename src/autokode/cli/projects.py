"""The project that a command opens, and what is to be said about it before anything else."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say

if TYPE_CHECKING:
    from autokode.project import Project


def opened(folder: Path, *, strays: bool = True) -> "Project":
    """Open a project; say on stderr what is wrong with its codebook, with the command that helps.

    A codebook that cannot be read is said by every command until it is mended; the version before is used meanwhile.

    Args:
        folder: the project's.
        strays: say which codes are used and not in the codebook, too.

    Raises:
        DataError: as `Project.open`, but for the codebook.
    """
    from autokode.project import Project

    project = Project.open(folder, read=False)
    problem = project.codebook_problem()
    if problem:
        click.echo(f"✗ {problem}", err=True)
    if strays:
        tell_of_stray_codes(project)
    return project


def tell_of_stray_codes(project: "Project", *, err: bool = True) -> int:
    """Say which codes are used and not in the codebook, and how to mend it; count them."""
    from autokode.project.views.stray_codes import stray_codes

    found = stray_codes(project)
    for one in found:
        click.echo(f"✗ {one.what}\n" + say("  Prøv: ", "  Try: ") + one.mend, err=err)
    return len(found)
