"""Shows what was found to be personal, and asks whether it is to be replaced."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.output import print_on, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from autokode.pseudonym import Entity, Plan, Register

FOLDED = 20
"""Most words that a folded list shows."""

CHECK = say(
    "Et menneske må lese over: programmet finner ikke alt, og noe av det det finner er ikke personlig.",
    "A person must read it over: the program does not find everything, and not all it finds is personal.",
)


def known(key: Path, listing: Path | None, leave: tuple[str, ...]) -> "Register":
    """The register of a list, or else of an earlier key, with the options added."""
    from autokode.pseudonym import Register, read_key, read_list

    register = Register()
    if listing is not None and listing.exists():
        register = read_list(listing)
    elif key.exists():
        register = read_key(key).register
    return Register(register.entities, {*register.leave, *leave})


def approved(question: str) -> bool:
    """Whether somebody says yes; without anybody to ask, no."""
    if not sys.stdin.isatty():
        tell("Ingen å spørre; --yes skriver uten å spørre.", "Nobody to ask; --yes writes without asking.", err=True)
        return False
    return click.confirm(question, default=False)


def show(out: "Console", found: "Plan", *, unfolded: bool) -> None:
    """Show what was found: what is sure as a table, the surest first, and what is doubtful in a line, unless `unfolded`."""
    shown = [entity for entity in found.register.in_order() if entity.count]
    sure, doubtful = [e for e in shown if e.sure], [e for e in shown if not e.sure]
    _table(out, sure)
    if doubtful:
        out.print()
        print_on(
            out,
            f"Tvilsomme, som også erstattes ({len(doubtful)}):",
            f"Doubtful, replaced too ({len(doubtful)}):",
            style="bold",
        )
        if unfolded:
            _table(out, doubtful)
        else:
            out.print("  " + _folded([entity.forms[0] for entity in doubtful]))
            print_on(
                out,
                "  Vis dem: --doubtful show. La dem stå: --doubtful leave, eller ett og ett: --leave ORD",
                "  Show them: --doubtful show. Leave them: --doubtful leave, or one by one: --leave WORD",
                style="dim",
            )
    if found.standing:
        out.print()
        print_on(
            out,
            f"Står igjen med stor bokstav ({len(found.standing)}):",
            f"Left with a capital ({len(found.standing)}):",
            style="bold",
        )
        out.print("  " + _folded(found.standing))
        print_on(
            out, "  Er noen av dem personer: --also NAVN", "  If any of them is a person: --also NAME", style="dim"
        )
    total = sum(len(one.findings) for one in found.transcripts)
    out.print()
    print_on(
        out,
        f"{total} steder i {len(found.transcripts)} transkripter, {len(shown)} ulike.",
        f"{total} places in {len(found.transcripts)} transcripts, {len(shown)} different.",
    )
    out.print(CHECK)


def _folded(words: "Sequence[str]") -> str:
    """The first words, and how many more there are."""
    more = f" … (+{len(words) - FOLDED})" if len(words) > FOLDED else ""
    return ", ".join(words[:FOLDED]) + more


def _table(out: "Console", entities: "Sequence[Entity]") -> None:
    from rich.table import Table
    from rich.text import Text

    narrow = out.width < 90
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in (say("Slag", "Kind"), say("Funnet", "Found"), say("Blir", "Becomes"), say("Antall", "Times")):
        table.add_column(heading, overflow="fold")
    if not narrow:
        table.add_column(say("For eksempel", "For example"), overflow="fold", style="dim", max_width=48)
    for entity in entities:
        cells = (str(entity.kind), " · ".join(entity.forms), entity.becomes, str(entity.count))
        table.add_row(*(Text(cell) for cell in (cells if narrow else (*cells, entity.context))))
    out.print(table)
