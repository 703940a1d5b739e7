"""`autokode pseudonymise`: find, show and replace personal data; undo it; check what is left."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import quoted
from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import FILE, flag, option, path_option
from autokode.cli.output import print_on, tell, tell_next

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from autokode.pseudonym import Checked, Entity, Plan, Register

FOLDED = 20
"""Most words that a folded list shows."""

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
    doubtful: str,
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
        _replace(place, out, key, listing, also, leave, gender, doubtful, yes)


def _replace(
    place: Path,
    out: Path,
    key: Path,
    listing: Path | None,
    also: tuple[str, ...],
    leave: tuple[str, ...],
    gender: str,
    doubtful: str,
    yes: bool,
) -> None:
    from autokode.cli import terminal
    from autokode.nlp.pipeline import norwegian
    from autokode.pseudonym import is_written, plan, rewrite, write, write_list

    register = _known(key, listing, leave)
    with terminal.progress(say("Leter", "Searching")) as step:
        found = plan(
            place,
            norwegian(own=True),
            register=register,
            also=also,
            gender=gender,
            doubtful=doubtful != "leave",
            progress=step,
        )
    _show(terminal.console(), found, unfolded=doubtful == "show")
    if listing is not None:
        write_list(listing, found.register, found.standing)
        tell(f"Listen er skrevet: {listing}", f"The list is written: {listing}")
    if not yes and not _approved(out):
        again = listing or Path("navn.yaml")
        tell(
            f"Ingenting er erstattet. Rett listen og prøv igjen: autokode pseudonymise {quoted(place)} --list {quoted(again)}",
            f"Nothing was replaced. Mend the list and try again: autokode pseudonymise {quoted(place)} --list {quoted(again)}",
        )
        return
    written = rewrite(found, out, key) if is_written(out, key) else write(found, out, key)
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
    _tell_where_to(written.folder)


def _tell_where_to(folder: Path) -> None:
    """Say how the new folder comes into a project: the one here, or a new one with the folder's codebook."""
    from autokode.corpus.study import CODEBOOK
    from autokode.project.store.project_files import FILE as PROJECT

    new = Path("prosjekt")
    known = next((place for place in (Path(), new) if (place / PROJECT).exists()), None)
    if known is not None:
        tell_next(f"add {quoted(folder)}" + f" --project {quoted(known)}" * (known != Path()))
        return
    codebook = folder / CODEBOOK
    made = f"init {new}" + f" --codebook {quoted(codebook)}" * codebook.exists()
    tell_next(f"{made} && autokode add {quoted(folder)} --project {new}")


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


def _show(out: "Console", found: "Plan", *, unfolded: bool) -> None:
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
        option(
            "--doubtful",
            "fold: vis de tvilsomme på én linje; show: i en tabell; leave: la dem stå.",
            "fold: show the doubtful on one line; show: in a table; leave: leave them as they are.",
            type=click.Choice(["fold", "show", "leave"]),
            default="fold",
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
