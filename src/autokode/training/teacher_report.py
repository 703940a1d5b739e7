"""What came of a teacher: figures for the model's manifest, and a sentence about them for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autokode.base.messages import say

TEACHER = "teacher"
"""The manifest's key of a report; a model that was to have no teacher lacks it."""

REPORT = "teacher_report"
"""What a project's round calls the manifest's report of the teacher that was asked for it."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a teacher, for the model's manifest.

    Attributes:
        name: the teacher's.
        why: why nothing was learnt from it: "few" (too little is coded to measure it on), "many" (so much is coded that nobody
            needs it), "uncoded" (no other texts), "chance" (for no code better than chance), "worse" (what is held out was ranked
            worse); "" where something was.
        measured, taught: texts it was measured on, and texts that the model learnt its codes of.
        unanswered: texts it was asked about whose answers could not be used.
        kappas: code with examples → kappa.
        weights: code learnt from it → weight.
        gain: mean average precision on what was held out with the teacher, less that without, in 0–1; None if not tried.
    """

    name: str
    why: str
    measured: int
    taught: int
    unanswered: int
    kappas: dict[str, float]
    weights: dict[str, float]
    gain: float | None

    @classmethod
    def unused(cls, name: str, why: str) -> "Report":
        """The report of a teacher that was not asked."""
        return cls(name, why, 0, 0, 0, {}, {}, None)

    def for_manifest(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "name": self.name,
            "why_unused": self.why,
            "measured": self.measured,
            "taught": self.taught,
            "unanswered": self.unanswered,
            "kappas": {code: round(kappa, 4) for code, kappa in self.kappas.items()},
            "weights": self.weights,
            "held_out_gain": None if self.gain is None else round(self.gain, 4),
        }


def name_of_teacher(manifest: Mapping[str, Any]) -> str:
    """The name of the teacher that a model learnt from, according to its manifest; "" for none."""
    report = manifest.get(TEACHER)
    if not isinstance(report, Mapping) or report.get("why_unused") != "":
        return ""
    return str(report.get("name", ""))


def sentence(report: Mapping[str, Any]) -> str:
    """Say in a sentence how a teacher was measured, and what was learnt from it; the report is that of the manifest."""
    name, measured = report["name"], report["measured"]
    if report["why_unused"]:
        unused = say(f"Læreren «{name}» er ikke brukt: ", f"The teacher «{name}» is not used: ")
        return unused + _why(report) + _of_unanswered(report)
    kappas = [report["kappas"][code] for code in report["weights"] if code in report["kappas"]]
    low, high, codes = min(kappas), max(kappas), len(report["weights"])
    of = len(report["kappas"])
    return say(
        f"Læreren «{name}» ble først målt på {measured} svar som er kodet her. For {codes} av {of} koder var den tydelig mer "
        f"enig med koderen enn tilfeldig (kappa {_decimal(low)}–{_decimal(high)}); for dem har modellen også lært av "
        f"{report['taught']} svar som læreren kodet.",
        f"The teacher «{name}» was first measured on {measured} answers that are coded here. For {codes} of {of} codes it "
        f"clearly agreed with the coder more than by chance (kappa {low:.2f}–{high:.2f}); for these the model has also learnt "
        f"from {report['taught']} answers that the teacher coded.",
    ) + _of_unanswered(report)


def _of_unanswered(report: Mapping[str, Any]) -> str:
    count = report["unanswered"]
    if not count:
        return ""
    return say(
        f" {count} av svarene fra læreren kunne ikke brukes.", f" {count} of the teacher's answers could not be used."
    )


def _decimal(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")


def _why(report: Mapping[str, Any]) -> str:
    measured = report["measured"]
    return {
        "few": say("det er kodet for lite til å måle den.", "too little is coded to measure it on."),
        "many": say("det er kodet så mye at den ikke trengs.", "so much is coded that it is not needed."),
        "uncoded": say("det er ingen ukodede svar å lære av.", "there are no uncoded answers to learn from."),
        "chance": say(
            f"målt på {measured} svar er den ikke tydelig mer enig med koderen enn tilfeldig for noen kode.",
            f"measured on {measured} answers, it clearly agrees with the coder more than by chance for no code.",
        ),
        "worse": say(
            f"målt på {measured} svar ble det som er holdt utenfor, rangert dårligere med den.",
            f"measured on {measured} answers, what is held out was ranked worse with it.",
        ),
    }[report["why_unused"]]
