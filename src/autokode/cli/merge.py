"""`autokode merge`: merge two people's projects into one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import quoted
from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import FILE, flag, option, project_option
from autokode.cli.output import tell, tell_next
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.exchange.merging import MergeReport
    from autokode.project.store.merge_codes import CodeMet

SHOWN, LONGEST = 40, 60
"""Most codes that are told; code points of a text about one."""


def _merge(other: Path, folder: Path, preview: bool, without: tuple[str, ...]) -> None:
    from autokode.exchange.merging import merge_file, merge_foreseen

    project = opened(folder, strays=False)
    report = (merge_foreseen if preview else merge_file)(project, other, without=without)
    _show(report)
    where = f"--project {quoted(folder)}"
    if preview:
        tell("\nIngenting er endret.", "\nNothing was changed.")
        tell_next(f"merge {quoted(other)} {where}")
    elif report.merged.is_nothing:
        tell("\nIngenting var nytt; prosjektet er som det var.", "\nNothing was new; the project is as it was.")
    else:
        tell(
            f"\nAlt dette er ett steg; ta det tilbake: autokode undo {where}",
            f"\nAll of this is one step; take it back: autokode undo {where}",
        )
        if report.agreement:
            tell_next(f"agreement {where}")


def _show(report: "MergeReport") -> None:
    """Write what met."""
    from autokode.exchange.merge_words import gained, how_met

    merged = report.merged
    tell(
        "De to er kopier av ett prosjekt." if merged.is_copy else "De to begynte hver for seg.",
        "The two are copies of one project." if merged.is_copy else "The two began apart.",
    )
    tell("Intervjuer:", "Interviews:")
    work = {one.interview: one for one in report.work}
    for one in merged.interviews:
        called = "" if one.name == one.there else say(f" (der: «{one.there}»)", f" (there: «{one.there}»)")
        click.echo(f"  {one.name}{called}: {how_met(one)}")
        if one.name in work:
            _show_work(report, one.name)
    if merged.people:
        tell("Personer:", "People:")
    for person in merged.people:
        click.echo(f"  {person.name}: {gained(person)}")
    if merged.codes:
        tell("Koder:", "Codes:")
    for code in merged.codes[:SHOWN]:
        click.echo(f"  {_code(code)}")
    if len(merged.codes) > SHOWN:
        tell(f"  … og {len(merged.codes) - SHOWN} til", f"  … and {len(merged.codes) - SHOWN} more")
    if merged.remarks:
        tell("Å se på:", "To look at:")
    for remark in merged.remarks:
        click.echo(f"  {remark}")
    for sentence in report.agreement:
        click.echo(f"\n{sentence}")


def _show_work(report: "MergeReport", interview: str) -> None:
    from autokode.exchange.merge_words import agreed, worked

    own = next(one for one in report.work if one.interview == interview)
    for person in own.people:
        click.echo(f"    {worked(person)}")
    for both in own.both:
        click.echo(f"    {agreed(both)}")


def _code(code: "CodeMet") -> str:
    from autokode.base.formatting import shortened
    from autokode.exchange.merge_words import differing

    what, here, there = differing(code)
    if not here and not there:
        return f"«{code.code}»: {what}"
    return say(
        f"«{code.code}»: {what}: her «{shortened(here, LONGEST)}», der «{shortened(there, LONGEST)}»",
        f"«{code.code}»: {what}: here «{shortened(here, LONGEST)}», there «{shortened(there, LONGEST)}»",
    )


command = Command(
    "merge",
    callback=_merge,
    help=say(
        "Slå en annens prosjekt sammen med dette: mappen, autokode.db eller en sikkerhetskopi. Intervjuer kjennes igjen på "
        "teksten. Kodinger, svar på forslag, lesemerker og notater tas inn under navnet til den som laget dem; det som er likt, "
        "blir ikke doblet. Kodeboken her gjelder: nye koder kommer til, og det som er ulikt, blir listet. Alt er ett steg, som "
        "autokode undo tar tilbake. Den andre filen blir ikke rørt.",
        "Merge somebody else's project into this one: the folder, autokode.db or a backup. Interviews are known by their texts. "
        "Codings, answers on suggestions, read marks and memos come in under the name of who made them; what is the same is not "
        "doubled. The codebook here decides: new codes come to it, and what differs is listed. All of it is one step, which "
        "autokode undo takes back. The other file is not touched.",
    ),
    short_help=say("Slå to personers prosjekter sammen.", "Merge two people's projects."),
    params=[
        click.Argument(["other"], metavar="PROSJEKT", type=FILE),
        project_option(),
        flag(
            "--preview",
            "Vis hva som møtes, uten å endre noe.",
            "Show what meets, and change nothing.",
        ),
        option(
            "--without INTERVJU...",
            "Utelat et av intervjuene der; gjenta for flere.",
            "Leave one of the interviews there out; repeat for more.",
        ),
    ],
    example="autokode merge kopi --project prosjekt --preview",
)
