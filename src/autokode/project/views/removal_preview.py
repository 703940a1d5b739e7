"""What a removal, or the closing of a project, takes with it and what lies outside and stays, in words for a person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.corpus.study_file import key_beside
from autokode.project.store.backup import backups_beside
from autokode.project.store.names_plan import list_beside
from autokode.project.store.project import Project
from autokode.project.store.project_files import CODEBOOK, INCOMING, cached, copies, models, not_own
from autokode.project.store.removal import Contents, contents, contents_of
from autokode.project.views.recording_words import recordings_of, recordings_stay


@dataclass(frozen=True, slots=True)
class Preview:
    """What is taken and what stays.

    Attributes:
        taken: sentences on what is deleted.
        stays: files that are not autokode's, and stay.
        warnings: sentences on what may hold the same words, and stays.
    """

    taken: tuple[str, ...]
    stays: tuple[Path, ...]
    warnings: tuple[str, ...] = ()


def removal_preview(project: Project, names: Iterable[str]) -> Preview:
    """What `removal.remove_interviews` would take, and what stays.

    Raises:
        DataError: the project lacks one of them, or is not sound.
    """
    wanted = list(names)
    found = contents_of(project, wanted)
    taken = (*content_lines(found), *file_lines(project.folder))
    beside = [path for path in not_own(project.folder) if path.name != CODEBOOK]
    stays = dict.fromkeys([*files_given(project, wanted), *beside])
    return Preview(
        taken,
        tuple(stays),
        (*code_names(project, found), *same_words(project, wanted), *recordings_stay(project, wanted)),
    )


def closing_preview(project: Project) -> Preview:
    """What `removal.close_project` takes, and what stays."""
    names = [source.name for source in project.sources]
    count = (say(f"{len(names)} intervjuer", f"{len(names)} interviews"),) if names else ()
    taken = (*count, *content_lines(contents(project)), *file_lines(project.folder))
    return Preview(
        taken,
        tuple(dict.fromkeys([*not_own(project.folder), *files_given(project, names)])),
        tuple(recordings_stay(project, names)),
    )


def content_lines(taken: Contents) -> Iterator[str]:
    """Yield what is in the project's file of what will be deleted."""
    codings, who = sum(taken.codings.values()), ", ".join(f"{name} {count}" for name, count in taken.codings.items())
    rows = (
        (taken.utterances, say("ytring", "utterance"), say("ytringer", "utterances")),
        (codings, say("koding", "coding") + f" ({who})", say("kodinger", "codings") + f" ({who})"),
        (taken.memos, say("notat", "memo"), say("notater", "memos")),
        (
            taken.values,
            say("verdi av en variabel", "value of a variable"),
            say("verdier av variabler", "values of variables"),
        ),
        (
            taken.decisions,
            say("avgjørelse i loggen", "decision of the log"),
            say("avgjørelser i loggen", "decisions of the log"),
        ),
        (taken.suggestions, say("forslag", "suggestion"), say("forslag", "suggestions")),
        (
            taken.carried,
            say("ting tatt vare på for andre programmer", "thing kept for other programs"),
            say("ting tatt vare på for andre programmer", "things kept for other programs"),
        ),
        (
            taken.quotes,
            say("sted ellers som siterer det: i kodeboken eller i et notat", "place elsewhere that quotes it"),
            say("steder ellers som siterer det: i kodeboken og i notater", "places elsewhere that quote it"),
        ),
    )
    yield from (counted(count, one, several) for count, one, several in rows if count)
    if taken.vectors:
        yield say("det som søk etter lignende innhold bygger på", "what the search for alike contents rests on")


def file_lines(folder: Path, *, learnt: bool = True) -> Iterator[str]:
    """Yield which files beside the project's own will be deleted; `learnt`: whether models and embeddings will be."""
    if learnt and (learners := models(folder)):
        yield counted(
            len(learners),
            say("modell, som har lært av det", "model, which learnt from it"),
            say("modeller, som har lært av det", "models, which learnt from it"),
        )
    own = copies(folder)
    brought = [path for path in own if path.name.startswith(INCOMING)]
    if len(own) > len(brought):
        yield counted(
            len(own) - len(brought),
            say("kopi eller fil som autokode har laget i mappen", "copy or file that autokode made in the folder"),
            say("kopier og filer som autokode har laget i mappen", "copies and files that autokode made in the folder"),
        )
    if brought:
        yield say(
            "filer som er valgt på siden, og ikke tatt inn", "files that were chosen on the page and not taken in"
        )
    for place in cached() if learnt else ():
        yield say(
            f"det setningsenkodere og lærere har laget av tekster, andre prosjekters også; det lages på nytt: {place}",
            f"what sentence encoders and teachers made of texts, other projects' too; it is made anew: {place}",
        )


def code_names(project: Project, taken: Contents) -> Iterator[str]:
    """Yield which codes are named with words of the interviews; a removal renames none."""
    for name in taken.named:
        if name in project.codebook:
            yield say(
                f"Koden «{name}» heter med ord fra intervjuet, og beholder navnet til du gir den et annet. Loggen og eldre "
                "kodebøker har navnet også da.",
                f"The code «{name}» is named with words of the interview, and keeps the name until you rename it. The log and "
                "older codebooks have the name even then.",
            )
        else:
            yield say(
                f"«{name}», som en kode het før, er ord fra intervjuet; loggen og eldre kodebøker har navnet fortsatt.",
                f"«{name}», which a code was called before, is of the interview; the log and older codebooks still have it.",
            )


def same_words(project: Project, interviews: Iterable[str]) -> Iterator[str]:
    """Yield what may hold words of the interviews and stays: interviews with the same text, and remarks in codebook.yaml."""
    wanted = set(interviews)
    texts = {source.name: project.transcript(source.name).sha256 for source in project.sources}
    gone = {text for name, text in texts.items() if name in wanted}
    for name in sorted(name for name, text in texts.items() if text in gone and name not in wanted):
        yield say(
            f"«{name}» har den samme teksten, og blir stående. Skal det også bort, fjern det på samme måte.",
            f"«{name}» has the same text, and stays. If it is to go too, remove it in the same way.",
        )
    book = project.folder / CODEBOOK
    if book.exists() and any("#" in line for line in book.read_text(encoding="utf-8", errors="replace").splitlines()):
        yield say(
            f"Merknader (#) i {book} blir lest av ingen: se selv om noen av dem siterer intervjuet.",
            f"Remarks (#) in {book} are read by nobody: see for yourself whether one quotes the interview.",
        )


def files_given(project: Project, names: Iterable[str]) -> list[Path]:
    """What lies outside a project and belongs to it, if still there.

    That is the files that interviews were read from with the keys to their pseudonyms, their recordings, the project's own key
    and list of names, and the backups beside its folder.
    """
    wanted, folder = set(names), project.folder.resolve()
    read = [Path(source.file) for source in project.sources if source.name in wanted and source.file]
    every = [path for one in read for path in (one, key_beside(one.parent))]
    heard = [one.path for one in recordings_of(project, wanted)]
    own = dict.fromkeys([*every, *heard, key_beside(folder), list_beside(folder)])
    return [*(path for path in own if path.exists()), *backups_beside(project)]
