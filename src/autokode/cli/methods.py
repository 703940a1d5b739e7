"""`autokode methods`: write the methods section of a thesis, and a manifest with which others can repeat the suggestions."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import flag, path_option, project_option
from autokode.cli.output import check_kind, json_text, tell, unused
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.project import Project


def _methods(
    folder: Path, out: Path | None, manifest_out: Path | None, repeated: Path | None, held_out: bool
) -> int | None:
    from autokode.base.files import write_whole
    from autokode.cli import terminal
    from autokode.report.render.files import METHODS_KINDS, write_methods

    if out is not None:
        check_kind(out, METHODS_KINDS)
    project = opened(folder)
    if repeated is not None:
        for option, value in (("--out", out), ("--manifest", manifest_out)):
            if value is not None:
                unused(option, "--repeat skriver ingen fil", "--repeat writes no file")
    if held_out and (repeated is not None or (out is None and manifest_out is not None)):
        unused(
            "--held-out",
            "det gjelder metodekapittelet, som ikke skrives nå",
            "it is for the section, not written now",
        )
    if repeated is not None:
        return _repeat(project, repeated)
    if manifest_out is not None:
        from autokode.report.training_manifest import manifest

        write_whole(manifest_out, json_text(manifest(project)) + "\n")
        click.echo(str(manifest_out))
    if out is None and manifest_out is not None:
        return None
    from autokode.report.methods import methods_of
    from autokode.report.methods_text import text_of

    with terminal.progress(say("Leser", "Reading")) as step:
        methods = methods_of(project, held_out=held_out, progress=step)
    if out is None:
        click.echo(text_of(methods), nl=False)
    else:
        write_methods(out, methods, project.codebook.name or folder.resolve().name)
        click.echo(str(out))
    return None


def _repeat(project: "Project", path: Path) -> int:
    from autokode.base.archive import parse_json
    from autokode.base.text_files import read_text
    from autokode.report.training_manifest import repeat

    given = parse_json(read_text(path), str(path), "autokode methods --manifest manifest.json")
    results = repeat(project, given if isinstance(given, dict) else {})
    for one in results:
        if one.same:
            said = say(
                f"{one.suggestions} forslag, de samme byte for byte",
                f"{one.suggestions} suggestions, the same byte for byte",
            )
        elif one.differs:
            said = say("kan ikke gjentas; dette er et annet her: ", "cannot be repeated; these inputs differ: ")
            said += ", ".join(one.differs)
        else:
            said = say(
                f"{one.suggestions} forslag, ikke de samme; se versjonene i manifestet",
                f"{one.suggestions} suggestions, not the same; see the versions in the manifest",
            )
        click.echo(f"{one.coder}: {said}")
    if not results:
        tell("manifestet har ingen forslag å gjenta", "the manifest has no suggestions to repeat")
    return 0 if all(one.same for one in results) else 1


command = Command(
    "methods",
    callback=_methods,
    help=say(
        "Skriv metodekapittelet: hva som ble gjort, med tall, på norsk og engelsk. Uten --out til skjermen. Et manifest har "
        "hasher av alt forslagene kom av, og ingen tekst fra intervjuene; med --repeat lærer autokode på nytt etter det og ser "
        "om forslagene blir de samme.",
        "Write the methods section: what was done, with figures, in Norwegian and English. To the screen without --out. A "
        "manifest holds hashes of all that suggestions came of, and no text of the interviews; with --repeat autokode learns "
        "again by it and sees whether the suggestions are the same.",
    ),
    short_help=say("Skriv metodekapittelet, og et manifest.", "Write the methods section, and a manifest."),
    params=[
        project_option(),
        path_option("--out FIL", "Filen (.docx, .md eller .txt).", "The file (.docx, .md or .txt)."),
        path_option("--manifest FIL", "Skriv manifestet (.json).", "Write the manifest (.json).", into="manifest_out"),
        path_option(
            "--repeat FIL",
            "Gjenta forslagene etter et manifest.",
            "Repeat the suggestions by a manifest.",
            into="repeated",
        ),
        flag(
            "--held-out",
            "Mål også modellen på intervjuer holdt utenfor.",
            "Also measure the model on interviews held out.",
        ),
    ],
    example="autokode methods --project prosjekt --out metode.docx --manifest manifest.json",
)
