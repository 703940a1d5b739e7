"""`autokode forget-memos`: take the texts of deleted memos, and earlier wordings of others, out of a project's log."""

from pathlib import Path

from autokode.base.messages import say
from autokode.cli.coder_choice import existing_coder
from autokode.cli.consent import asked_twice, show_files, show_what_stays, whose
from autokode.cli.group import Command
from autokode.cli.options import flag, option, project_option
from autokode.cli.output import tell
from autokode.cli.projects import opened


def _forget(folder: Path, coder: str | None, about: tuple[str, ...], yes: bool) -> None:
    from autokode.base.errors import failure, quoted
    from autokode.project.store.forgotten_memos import forget_memos, old_memos
    from autokode.review.page_locks import no_page_open

    project = opened(folder, strays=False)
    by, number = whose(project, coder)
    with no_page_open(folder):
        every = [one for one in old_memos(project) if coder is None or one.coder == existing_coder(project, coder).name]
        found = [one for one in every if not about or one.key[1] in about]
        lacking = set(about) - {one.key[1] for one in found}
        if lacking:
            known = ", ".join(dict.fromkeys(one.key[1] for one in every)) or say("ingen", "none")
            raise failure(
                f"loggen har ingen gammel tekst av notatet «{sorted(lacking)[0]}»; den har {known}",
                f"the log has no old text of the memo «{sorted(lacking)[0]}»; it has {known}",
                where=folder,
                try_next=f"autokode forget-memos --project {quoted(folder)}",
            )
        if not found:
            tell("Loggen har ingen slettede notater.", "The log has no deleted memos.")
            return
        tell("Disse tekstene tas ut av loggen for godt:", "These texts are taken out of the log for good:")
        for one in found:
            what = (
                say("slettet", "deleted") if one.deleted else say("står; tidligere ordlyd", "stands; earlier wording")
            )
            tell(
                f"  {one.key[1]} ({one.coder}): {what}, {one.wordings} tekster",
                f"  {one.key[1]} ({one.coder}): {what}, {one.wordings} texts",
            )
        show_files(folder, learnt=False)
        show_what_stays(())
        if not yes and not asked_twice():
            return
        forget_memos(project, {one.key for one in found}, by=by, coder=number)
    tell(
        f"Slettet: gammel tekst av {len(found)} notater. De kan ikke angres tilbake.",
        f"Deleted: old texts of {len(found)} memos. Undo cannot bring them back.",
    )


command = Command(
    "forget-memos",
    callback=_forget,
    help=say(
        "Ta teksten i slettede notater, og tidligere ordlyd av dem som står, ut av loggen for godt. Et notat du sletter på "
        "siden, er ellers i loggen, så det kan angres.",
        "Take the text of deleted memos, and earlier wordings of those that stand, out of the log for good. A memo that you "
        "delete on the page is otherwise in the log, so that it can be undone.",
    ),
    short_help=say("Ta slettede notater ut av loggen også.", "Take deleted memos out of the log too."),
    params=[
        project_option(),
        option("--coder NAVN", "Bare denne koderens notater.", "This coder's memos only."),
        option(
            "--about HVA...",
            "Bare notatet om dette, slik listen skriver det; gjenta for flere.",
            "Only the memo about this, as the list writes it; repeat for more.",
        ),
        flag("--yes", "Slett uten å spørre.", "Delete without asking."),
    ],
    example="autokode forget-memos --project prosjekt",
)
