"""`autokode pseudonymise`: find, show and replace personal data; undo it; check what is left."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import quoted
from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import FILE, flag, option, path_option
from autokode.cli.output import print_on, tell

if TYPE_CHECKING:
    from rich.console import Console

    from autokode.pseudonym import Checked, Plan, Register

CHECK = say(
    "Et menneske må lese over: programmet finner ikke alt, og noe av det det finner er ikke personlig.",
    "A person must read it over: the program does not find everything, and not all it finds is personal.",
)


def _pseudonymise(
    place: Path,
    out: Path | None,
    key: Path | None,
    listing: Path | None,
    also: tuple[str, ...],
    leave: tuple[str, ...],
    gender: str,
    yes: bool,
    undoing: bool,
    checking: bool,
) -> None:
    if undoing and checking:
        raise click.UsageError(say("velg --undo eller --check", "choose --undo or --check"))
    from autokode.corpus.study_file import key_beside

    if checking:
        _check(place, key)
    elif undoing:
        _undo(place, key, out)
    else:
        out = out or place.parent / f"{place.stem}-uten-navn"
        key = key or key_beside(out)
        _replace(place, out, key, listing, also, leave, gender, yes)


def _replace(
    place: Path,
    out: Path,
    key: Path,
    listing: Path | None,
    also: tuple[str, ...],
    leave: tuple[str, ...],
    gender: str,
    yes: bool,
) -> None:
    from autokode.cli import terminal
    from autokode.nlp.pipeline import norwegian
    from autokode.pseudonym import plan, write, write_list

    register = _known(key, listing, leave)
    with terminal.progress(say("Leter", "Searching")) as step:
        found = plan(place, norwegian(own=True), register=register, also=also, gender=gender, progress=step)
    _show(terminal.console(), found)
    if listing is not None:
        write_list(listing, found.register)
        tell(f"Listen er skrevet: {listing}", f"The list is written: {listing}")
    if not yes and not _approved(out):
        again = listing or Path("navn.yaml")
        tell(
            f"Ingenting er erstattet. Rett listen og prøv igjen: autokode pseudonymise {quoted(place)} --list {quoted(again)}",
            f"Nothing was replaced. Mend the list and try again: autokode pseudonymise {quoted(place)} --list {quoted(again)}",
        )
        return
    written = write(found, out, key)
    tell(
        f"{written.transcripts} transkripter og {written.codings} kodinger → {written.folder}",
        f"{written.transcripts} transcripts and {written.codings} codings → {written.folder}",
    )
    tell(
        f"Nøkkelen, som røper alt og bare du kan lese: {written.key}",
        f"The key, which tells everything and only you can read: {written.key}",
    )
    if written.left_behind:
        names = ", ".join(written.left_behind)
        tell(f"Ikke tatt med: {names}", f"Not taken along: {names}")


def _known(key: Path, listing: Path | None, leave: tuple[str, ...]) -> "Register":
    """The register of a list, or else of an earlier key, with the options added."""
    from autokode.pseudonym import Register, read_key, read_list

    register = Register()
    if listing is not None and listing.exists():
        register = read_list(listing)
    elif key.exists():
        register = read_key(key).register
    return Register(register.entities, {*register.leave, *leave})


def _approved(out: Path) -> bool:
    if not sys.stdin.isatty():
        tell("Ingen å spørre; --yes skriver uten å spørre.", "Nobody to ask; --yes writes without asking.", err=True)
        return False
    return click.confirm(say(f"Erstatt dette og skriv til {out}?", f"Replace this and write to {out}?"), default=False)


def _show(out: "Console", found: "Plan") -> None:
    from rich.table import Table
    from rich.text import Text

    from autokode.pseudonym import Entity, Kind

    def row(entity: Entity) -> tuple[str, str, str, str]:
        return str(entity.kind), " · ".join(entity.forms), entity.becomes, str(entity.count)

    narrow = out.width < 90
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in (say("Slag", "Kind"), say("Funnet", "Found"), say("Blir", "Becomes"), say("Antall", "Times")):
        table.add_column(heading, overflow="fold")
    if not narrow:
        table.add_column(say("For eksempel", "For example"), overflow="fold", style="dim", max_width=48)
    shown = [entity for entity in found.register.entities if entity.count]
    for entity in sorted(shown, key=lambda e: (list(Kind).index(e.kind), -e.count)):
        cells = row(entity) if narrow else (*row(entity), entity.context)
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table)
    total = sum(len(one.findings) for one in found.transcripts)
    out.print()
    print_on(
        out,
        f"{total} steder i {len(found.transcripts)} transkripter, {len(shown)} ulike.",
        f"{total} places in {len(found.transcripts)} transcripts, {len(shown)} different.",
    )
    out.print(CHECK)


def _undo(place: Path, key: Path | None, out: Path | None) -> None:
    from autokode.pseudonym import undo

    key = key or place.parent / f"{place.name}-nøkkel.json"
    out = out or place.parent / f"{place.name}-tilbake"
    for note in undo(place, key, out):
        click.echo(note)
    tell(f"Originalene er tilbake: {out}", f"The originals are back: {out}")


def _check(place: Path, key: Path | None) -> None:
    from autokode.cli import terminal
    from autokode.nlp.pipeline import norwegian
    from autokode.pseudonym import check, read_key

    with terminal.progress(say("Leter", "Searching")):
        checked = check(place, norwegian(own=True), key=read_key(key) if key else None)
    _show_left(terminal.console(), checked)
    if checked.left:
        click.get_current_context().exit(1)


def _show_left(out: "Console", checked: "Checked") -> None:
    file = ""
    for left in checked.left:
        if left.file != file:
            out.print(left.file, style="bold")
            file = left.file
        out.print(f"  {left.finding.kind}: «{left.finding.text}»  {left.context}", no_wrap=True, overflow="ellipsis")
    print_on(
        out,
        f"{len(checked.left)} steder som kan være personlige, i {len(checked.files)} filer.",
        f"{len(checked.left)} places that may be personal, in {len(checked.files)} files.",
    )
    if checked.unread:
        names = ", ".join(checked.unread)
        print_on(out, f"Ikke lest, se selv: {names}", f"Not read, look yourself: {names}")
    out.print(CHECK)


command = Command(
    "pseudonymise",
    callback=_pseudonymise,
    help=say(
        "Finn personer, steder, arbeidsplasser, numre og adresser i en studie eller en transkript, vis dem, og erstatt dem "
        "i en ny mappe. Kodinger følger med. Originalene røres ikke.",
        "Find people, places, workplaces, numbers and addresses in a study or a transcript, show them, and replace them "
        "in a new folder. Codings come along. The originals are not touched.",
    ),
    short_help=say("Erstatt det som er personlig.", "Replace what is personal."),
    params=[
        click.Argument(["place"], metavar="MAPPE|FIL", type=FILE),
        path_option("--out MAPPE", "Den nye mappen.", "The new folder."),
        path_option(
            "--key FIL",
            "Nøkkelen; finnes den, får samme person samme navn som før.",
            "The key; if it is there, the same person gets the same name as before.",
        ),
        path_option(
            "--list FIL",
            "Skriv hva som ble funnet til denne filen, og les rettelsene i den neste gang.",
            "Write what was found to this file, and read its corrections the next time.",
            into="listing",
        ),
        option(
            "--also NAVN...", "En person som skal erstattes; gjenta for flere.", "A person to replace; repeat for more."
        ),
        option(
            "--leave ORD...", "Noe som ikke er personlig; gjenta for flere.", "Something not personal; repeat for more."
        ),
        option(
            "--gender",
            "kept: samme kjønn; neutral: nøytrale navn, og hen for han og hun.",
            "kept: the same gender; neutral: names without, and hen for han and hun.",
            type=click.Choice(["kept", "neutral"]),
            default="kept",
        ),
        flag("--yes", "Skriv uten å spørre.", "Write without asking."),
        flag("--undo", "Før en pseudonymisert mappe tilbake.", "Lead a pseudonymised folder back.", into="undoing"),
        flag(
            "--check",
            "Si om noe personlig synes igjen i en mappe.",
            "Say whether anything personal seems left in a folder.",
            into="checking",
        ),
    ],
    example="autokode pseudonymise training_data/kontor_a.docx --list navn.yaml",
)
