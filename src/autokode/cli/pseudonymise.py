"""`autokode pseudonymise`: find, show and replace personal data; undo it; check what is left."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import quoted
from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import FILE, flag, option, path_option
from autokode.cli.output import print_on, tell, tell_next, unused
from autokode.cli.pseudonym_display import CHECK, approved, known, show
from autokode.cli.pseudonymise_project import Search, check_in, in_project

if TYPE_CHECKING:
    from rich.console import Console

    from autokode.pseudonym import Checked


def _pseudonymise(
    place: Path | None,
    project: Path | None,
    coder: str | None,
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

    if project is not None:
        if place is not None or out is not None:
            other = "--out" if out is not None else str(place)
            raise click.UsageError(say(f"velg --project eller {other}", f"choose --project or {other}"))
        if checking:
            check_in(project, key or key_beside(project.resolve()))
            return
        search = Search(listing, also, leave, gender, doubtful)
        in_project(project, key or key_beside(project.resolve()), search, coder, yes=yes, undoing=undoing)
        return
    if place is None:
        raise click.UsageError(say("ventet MAPPE|FIL, eller --project", "expected a folder or a file, or --project"))
    if coder is not None:
        unused("--coder", "den hører til --project", "it belongs to --project")
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

    register = known(key, listing, leave)
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
    show(terminal.console(), found, unfolded=doubtful == "show")
    if listing is not None:
        write_list(listing, found.register, found.standing)
        tell(f"Listen er skrevet: {listing}", f"The list is written: {listing}")
    if not yes and not approved(say(f"Erstatt dette og skriv til {out}?", f"Replace this and write to {out}?")):
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
        "i en ny mappe. Kodinger følger med. Originalene røres ikke. Med --project skrives et kodet prosjekt om der det er, helt "
        "eller ikke i det hele tatt, og --undo gir det navnene tilbake.",
        "Find people, places, workplaces, numbers and addresses in a study or a transcript, show them, and replace them "
        "in a new folder. Codings come along. The originals are not touched. With --project a coded project is rewritten where "
        "it is, whole or not at all, and --undo gives it its names back.",
    ),
    short_help=say("Erstatt det som er personlig.", "Replace what is personal."),
    params=[
        click.Argument(["place"], metavar="[MAPPE|FIL]", type=FILE, required=False),
        path_option(
            "--project MAPPE",
            "Et kodet prosjekt, som pseudonymiseres der det er, med alt som er kodet og notert.",
            "A coded project, which is pseudonymised where it is, with all that was coded and noted.",
        ),
        option(
            "--coder NAVN",
            "Hvem av prosjektets kodere som gjør det; ellers brukeren av maskinen.",
            "Which of the project's coders does it; else this machine's user.",
        ),
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
        flag(
            "--undo",
            "Før en pseudonymisert mappe, eller et prosjekt, tilbake.",
            "Lead a pseudonymised folder or project back.",
            into="undoing",
        ),
        flag(
            "--check",
            "Si om noe personlig synes igjen i en mappe eller et prosjekt.",
            "Say whether anything personal seems left in a folder or a project.",
            into="checking",
        ),
    ],
    example="autokode pseudonymise training_data/kontor_a.docx --list navn.yaml",
)
