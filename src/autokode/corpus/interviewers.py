"""Who interviews: the labels and headings that say so, or else who asks most."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.label_forms import core_of
from autokode.corpus.utterance import Utterance

_ROLES = (
    "intervjuer|intervjuar|interviewer|interviewar|int|forsker|forskar|researcher|moderator|ordstyrer|ordstyrar|møteleder|"
    "møteleiar|fasilitator|facilitator|spørsmål|spm|question"
)
_INTERVIEWER_TIERS = (
    re.compile(rf"(?:{_ROLES})(?:[._ -]?(?:nr\.? ?)?\d{{1,2}})?\.?", re.IGNORECASE),
    re.compile(r"i|q", re.IGNORECASE),
    re.compile(r"f|m", re.IGNORECASE),
)
_STATED = re.compile(
    r"^[ \t]*(?:intervjuere?|intervjuar(?:ar)?|interviewers?|forsker|forskar|moderator|intervju(?:et|a) av)[ \t]*[:=\t][ \t]*"
    r"(?P<names>[^\r\n]+)",
    re.IGNORECASE | re.MULTILINE,
)
"""«Intervjuer: Kari Berg»."""
_EXPLAINED = re.compile(
    r"(?:^|[,;:\t])[ \t]*(?P<label>[^\W\d][^,;:=()\r\n\t]{0,40}?)[ \t]{0,9}[=:(,–-][ \t]{0,9}(?:er[ ])?"
    r"(?:intervjuer|intervjuar|interviewer|moderator|ordstyrer)(?:en)?\b",
    re.IGNORECASE | re.MULTILINE,
)
"""«K = intervjuer», «Kari Berg (intervjuer)»."""
_ASKING = re.compile(
    r"\b(?:hva|hvem|hvor\w*|hvilke[nt]?|åssen|kva|kven|korleis|kvifor|kor|ka|kem|korsen|what|who|how|why|which|where|when|"
    r"(?:kan|vil|har|tror|synes|opplever|tenker|føler|er|gjør|bruker|can|could|do|did|are|have|would) "
    r"(?:du|dere|de|det|dykk|dokker|you))\b",
    re.IGNORECASE,
)
LONGEST_QUESTION = 40
"""Most words of a turn without punctuation that counts as a question; in a longer one question words belong to a story."""

FEWEST_QUESTIONS, ASKS, TIMES_AS_OFTEN = 3, 0.4, 1.5
"""What makes somebody an interviewer, at least: number of questions, their share of the turns, ratio to the others' share."""


def find_interviewers(
    utterances: tuple[Utterance, ...], given: Collection[str] | None, source_text: str, notes: list[str]
) -> tuple[str, ...]:
    """Find the labels of interviewers, or check the given ones; adds to `notes` what was inferred.

    Raises:
        DataError: a given label does not occur.
    """
    counts = Counter(utterance.speaker for utterance in utterances if utterance.speaker)
    questions = Counter(u.speaker for u in utterances if is_question(u.text))
    if given is not None:
        folded = {label.casefold(): label for label in counts}
        unknown = [label for label in given if label.casefold() not in folded]
        if unknown:
            raise failure(
                f"ingen heter «{', '.join(unknown)}»; fant {', '.join(counts) or 'ingen talere'}",
                f"nobody is called «{', '.join(unknown)}»; found {', '.join(counts) or 'no speakers'}",
                try_next=f'--interviewer "{next(iter(counts), "NAVN")}"',
            )
        return tuple(folded[label.casefold()] for label in given)
    heading = source_text[: utterances[0].start] if utterances else ""
    found = interviewers_of(counts, questions, heading)
    asker = "" if found else asker_of(counts, questions)
    if asker:
        notes.append(
            say(
                f'tok «{asker}» for intervjuer, som spør mest: --interviewer "NAVN" for å endre',
                f'took «{asker}», who asks most, for the interviewer: --interviewer "NAME" to change it',
            )
        )
        return (asker,)
    likely = max(counts, key=lambda label: questions[label] / counts[label], default="")
    if not found and len(counts) > 1:
        hint = say(': --interviewer "NAVN"', ': --interviewer "NAME"')
        if questions[likely]:
            hint = say(f"; «{likely}» spør mest", f"; «{likely}» asks most") + f': --interviewer "{likely}"'
        notes.append(say("fant ingen intervjuer", "found no interviewer") + hint)
    return found


def interviewers_by_role(roles: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The speakers whose stated role is an interviewer's; `roles` are (speaker, role)."""
    return tuple(speaker for speaker, role in roles if _INTERVIEWER_TIERS[0].fullmatch(role))


def interviewers_of(labels: Counter[str], questions: Counter[str], heading: str = "") -> tuple[str, ...]:
    """Find the interviewers by what the labels and the heading say.

    First come words such as Intervjuer, alone or beside a name («Kari (intervjuer)», «Kari, forsker»), then a person named by
    the heading («Intervjuer: Kari Berg»), then the single letters I, and F or M.

    Args:
        labels: label → number of turns.
        questions: label → number of turns that are questions, which decides between two single letters.
        heading: the text before the first turn.
    """
    stated = [name for line in _STATED.finditer(heading) for name in re.split(r",|&| og | and ", line["names"])]
    named = {label for label in labels for name in stated if _is_short_for(label, name)}
    explained = {line["label"].casefold() for line in _EXPLAINED.finditer(heading)}
    named |= {label for label in labels for name in explained if label.casefold() in (name, *name.split())}
    for tier in _INTERVIEWER_TIERS:
        found = [label for label in labels if any(tier.fullmatch(part) for part in _parts_of(label))] or [
            label for label in labels if label in named
        ]
        if len(found) > 1 and all(len(label) == 1 for label in found):
            found = [max(found, key=lambda label: questions[label] / labels[label])]
        if found and len(found) < len(labels):
            return tuple(found)
    return ()


def asker_of(labels: Counter[str], questions: Counter[str]) -> str:
    """Find the one label that asks far more than all others, or "".

    Args:
        labels: label → number of turns.
        questions: label → number of turns that are questions.
    """
    share = {label: questions[label] / count for label, count in labels.items()}
    first, *others = sorted(labels, key=lambda label: (-share[label], -labels[label])) or [""]
    asks = questions[first] >= FEWEST_QUESTIONS and share[first] >= ASKS if first else False
    return first if others and asks and share[first] >= TIMES_AS_OFTEN * share[others[0]] else ""


def is_question(text: str) -> bool:
    """Whether a turn is a question: by its question mark, or by its words if it is short and has no punctuation.

    >>> is_question("og kan du si litt om jobben din"), is_question("Hva det er, vet ingen.")
    (True, False)
    """
    unmarked = not re.search(r"[.!?]", text) and len(text.split()) <= LONGEST_QUESTION
    return "?" in text or (unmarked and _ASKING.search(text) is not None)


def _parts_of(label: str) -> Iterator[str]:
    """Yield a label and its parts before and after a comma or an opening bracket."""
    yield label
    for part in re.split(r"[,(]", label):
        yield part.strip(" )")


def _is_short_for(label: str, name: str) -> bool:
    """Whether a label is a name, one of its words, or its initials: «Kari Berg», «Kari», «KB», «K»."""
    words = [word for word in re.findall(r"[\w'’-]+", core_of(name).casefold()) if not word.isdecimal()]
    initials = "".join(word[0] for word in words)
    own = [word.rstrip(".") for word in core_of(label).casefold().replace(",", " ").split()]
    known = (*words, initials, initials[:1])
    return bool(words) and (sorted(own) == sorted(words) or (len(own) == 1 and own[0].replace(".", "") in known))
