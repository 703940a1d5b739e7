"""What was understood of the files that wait on the page, each with its own corrections."""

from dataclasses import dataclass, replace

from autokode.base.errors import DataError, Problem, failure
from autokode.base.hashing import sha256_of
from autokode.base.messages import interface_language, say
from autokode.corpus.understood import Corrections, Understood, understand, with_interviewers_of
from autokode.project.store.interview_changes import check_seen
from autokode.review.incoming_files import Incoming, IncomingFile


@dataclass(frozen=True, slots=True)
class Shown:
    """A file that waits: its sign, what was understood, and a mark of the corrections that it was understood by."""

    sign: str
    understood: Understood
    mark: str


class IncomingReading:
    """Reads the files of one coder that wait; a file is read again only to be read otherwise, or told in another language."""

    def __init__(self, incoming: Incoming) -> None:
        self.incoming = incoming
        self._corrections: dict[str, Corrections] = {}
        self._read: dict[str, tuple[str, Understood]] = {}  # sign → the language it is told in, what was understood

    def all(self) -> list[Shown]:
        """All files that have come whole, in the order in which they came."""
        return [self.of(sign) for sign, file in list(self.incoming.files.items()) if file.is_whole]

    def of(self, sign: str) -> Shown:
        """What is understood of a file.

        Raises:
            DataError: it waits no longer, or has not come whole.
        """
        file = self.incoming.file(sign)
        if not file.is_whole:
            raise failure("filen er ikke kommet helt fram ennå", "the file has not come whole yet")
        own = self._own(sign, file)
        language = interface_language()
        if sign not in self._read or self._read[sign][0] != language:
            self._read[sign] = language, understand(file.path, own, file=file.name)
        found = understood_as(self._read[sign][1], own)
        return Shown(sign, found, sha256_of(repr((sign, own)))[:16])

    def correct(self, sign: str, mark: str, corrections: Corrections) -> None:
        """Let a file be understood otherwise, if it was shown with this mark.

        Raises:
            DataError: it was shown otherwise, or cannot be read so; it stays as it was.
        """
        check_seen(mark, self.of(sign).mark)
        file, (language, found) = self.incoming.file(sign), self._read[sign]
        before = self._own(sign, file)
        if (corrections.speakers, corrections.interviewers) != (before.speakers, before.interviewers):
            if corrections.speakers == before.speakers and corrections.interviewers is not None and found.transcript:
                found = with_interviewers_of(found, corrections)
            else:
                found = understand(file.path, corrections, file=file.name)
            if found.problems:
                raise DataError([Problem(one) for one in found.problems])
            self._read[sign] = language, found
        self._corrections[sign] = corrections

    def corrections(self, sign: str) -> Corrections:
        """The corrections of a file so far."""
        return self._own(sign, self.incoming.file(sign))

    def drop(self, sign: str) -> None:
        """Remove a file, and what was understood of it."""
        self.incoming.drop(sign)
        self._corrections.pop(sign, None)
        self._read.pop(sign, None)

    def _own(self, sign: str, file: IncomingFile) -> Corrections:
        return self._corrections.get(sign) or Corrections(office=self._group(file))

    def _group(self, file: IncomingFile) -> str:
        """The folder of a file, where files came from several."""
        folders = {one.folder for one in self.incoming.files.values()}
        return file.folder.rpartition("/")[2] if len(folders) > 1 else ""


def understood_as(found: Understood, own: Corrections) -> Understood:
    """What was understood, under the name and the group of corrections."""
    name = own.name or found.name
    transcript = found.transcript and replace(found.transcript, name=name)
    return replace(found, name=name, office=own.office, transcript=transcript)


def in_short(found: Understood) -> str:
    """A line on what was understood."""
    if found.transcript is None:
        return ""
    count = len(found.transcript.utterances)
    said = say("ytring" if count == 1 else "ytringer", "utterance" if count == 1 else "utterances")
    people = len(found.speakers)
    who = say("taler" if people == 1 else "talere", "speaker" if people == 1 else "speakers")
    if not any(one.label for one in found.speakers):
        return f"{count} {said}, " + say("ingen talere", "no speakers")
    return f"{count} {said}, {people} {who}"
