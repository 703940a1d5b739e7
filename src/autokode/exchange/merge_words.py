"""Says in words what met in a merge, for the terminal and the page."""

from typing import Any

from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.corpus.codebook_tree import TOP
from autokode.exchange.merging import MergeReport
from autokode.project.store.merge_codes import ABOVE, BACK, JOINED, NAME, NEW_CODE, CodeMet
from autokode.project.store.merge_interviews import CORRECTED, LEFT, NEW, REMOVED, InterviewMet
from autokode.project.store.merging import PersonMet
from autokode.project.views.merge_work import BothRead, Work


def shown(report: MergeReport) -> dict[str, Any]:
    """What met, in words, as the page shows it."""
    merged = report.merged
    work = {one.interview: one for one in report.work}
    interviews = []
    for one in merged.interviews:
        own = work.get(one.name)
        done = [worked(each) for each in own.people] if own else []
        both = [agreed(each) for each in own.both] if own else []
        there = one.there if one.there != one.name else ""
        interviews.append({"name": one.name, "there": there, "how": how_met(one), "people": done, "both": both})
    return {
        "is_copy": merged.is_copy,
        "is_nothing": merged.is_nothing,
        "interviews": interviews,
        "people": [[one.name, gained(one)] for one in merged.people],
        "codes": [[one.code, *differing(one)] for one in merged.codes],
        "remarks": list(merged.remarks),
        "agreement": list(report.agreement),
    }


def how_met(one: InterviewMet) -> str:
    """What became of an interview of the other file."""
    return {
        NEW: say("nytt her, tatt inn", "new here, taken in"),
        CORRECTED: say(
            "rettet i den ene filen siden; teksten her står, og kodinger følger ordene",
            "corrected in one of the files since; the text here stays, and codings follow the words",
        ),
        REMOVED: say(
            "fjernet her før, og ikke tatt inn igjen",
            "removed here before, and not taken in again",
        ),
        LEFT: say("utelatt", "left out"),
    }.get(one.how) or say("samme tekst", "the same text")


def gained(person: PersonMet) -> str:
    """What came of a person's work."""
    parts = [
        (person.codings, ("koding", "kodinger"), ("coding", "codings")),
        (person.verdicts, ("svar på forslag", "svar på forslag"), ("answer on a suggestion", "answers on suggestions")),
        (person.read, ("lesemerke", "lesemerker"), ("read mark", "read marks")),
        (person.memos, ("notat", "notater"), ("memo", "memos")),
        (person.settled, ("oppgjør", "oppgjør"), ("settled answer", "settled answers")),
    ]
    said = [say(counted(count, *nb), counted(count, *en)) for count, nb, en in parts if count]
    told = (
        say("ny eller endret: ", "new or changed: ") + ", ".join(said) if said else say("ingenting nytt", "nothing new")
    )
    if person.gone:
        told += say(
            f"; {person.gone} som er tatt bort der siden, er borte her også",
            f"; {person.gone} removed there since are gone here too",
        )
    if person.stays:
        told += say(
            f"; {person.stays} er endret i begge filene og står som her",
            f"; {person.stays} were changed in both files and stay as here",
        )
    if person.is_new:
        told += say("; ny her", "; new here") + say(", koder blindt", ", codes blind") * person.blind
    return told


def worked(one: Work) -> str:
    """What a person did in an interview."""
    codings = say(counted(one.codings, "koding", "kodinger"), counted(one.codings, "coding", "codings"))
    read = say(f"{one.read} svar lest", f"{one.read} answers read")
    return f"{one.name}: {codings}, {read}"


def agreed(one: BothRead) -> str:
    """On how much two people agree in an interview."""
    return say(
        f"{one.first} og {one.second} har begge lest {one.read} svar; like koder på {one.same}",
        f"{one.first} and {one.second} both read {one.read} answers; the same codes on {one.same}",
    )


def differing(code: CodeMet) -> tuple[str, str, str]:
    """What differs of a code, or how it came; how it is here, and there ("" for both where there is nothing to compare)."""
    top = say("øverst", "at the top")
    if code.what == NEW_CODE:
        under = say(f"ny her, under «{code.there}»", f"new here, under «{code.there}»")
        return (under if code.there != TOP else say("ny her", "new here")), "", ""
    if code.what == BACK:
        told = say(
            "er ikke i kodeboken her, men brukt der; tatt inn igjen",
            "not in the codebook here, but used there; back again",
        )
        return told, "", ""
    if code.what == ABOVE:
        return (
            say("står under, og blir der den er her", "stands under, and stays as here"),
            code.here or top,
            code.there or top,
        )
    names = {
        NAME: ("heter, og beholder navnet her", "is called, and keeps its name here"),
        JOINED: ("to koder der er én her", "two codes there are one here"),
        "definition": ("definisjon, den her står", "definition, the one here stays"),
        "use_when": ("brukes når, det her står", "used when, the one here stays"),
        "not_when": ("brukes ikke når, det her står", "not used when, the one here stays"),
        "examples": ("eksempler, de her står", "examples, those here stay"),
        "keywords": ("nøkkelord, de her står", "keywords, those here stay"),
        "number": ("nummer, det her står", "number, the one here stays"),
        "colour": ("farge, den her står", "colour, the one here stays"),
        "codable": ("kan gis, som her", "can be given, as here"),
    }
    if code.what == "codable":
        yes, no = say("ja", "yes"), say("nei", "no")
        here, there = (yes if one == str(True) else no for one in (code.here, code.there))
        return say(*names["codable"]), here, there
    return say(*names[code.what]), code.here, code.there
