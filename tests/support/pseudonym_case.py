"""Projects full of names, and plans that replace them, made without searching for any."""

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import trace_case
from autokode import Codebook, read_transcript
from autokode.corpus.edits import Edit, Edits
from autokode.exchange.package.contents import (
    Case,
    CodeNode,
    Document,
    Note,
    Package,
    PackageCoding,
    PackageSegment,
    PackageSet,
    User,
    Value,
    Variable,
    guid_of,
)
from autokode.exchange.package_import import import_package
from autokode.project import Project, Reviewer
from autokode.project.store.codebook_rename import rename_code
from autokode.project.store.pseudonym_plan import ProjectPlan, texts_of
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.register import Entity, Register
from autokode.pseudonym.replacement_plan import Plan
from review_case import suggest_by_hand

TOLD = {
    "møte1": ["Kåre Ødegård henta meg, Åshild.", "Det var Kåre som sa det til Åshild Bråten-Lie.", "Ja, det gjør vi."],
    "møte2": ["Åshild Bråten-Lie", "Nei, Ødegård lo, og Jørn-Tore lo av Kåres lue.", "Sa Kåre Ødegård det?"],
    "møte3": ["Ingen her heter noe.", "Ja, det gjør vi.", "Kåre, Kåre Ødegård, Åshild og Jørn-Tore!"],
}
"""Interview → what is said in it."""

PEOPLE = (("Kåre Ødegård", "Kåre", "Ødegård"), ("Åshild Bråten-Lie", "Åshild"), ("Jørn-Tore",))
"""The forms of each person's name."""

NEEDLES = {"Kåre", "Ødegård", "Åshild", "Bråten", "Jørn-Tore"}


def register_of(invented: Iterable[str]) -> Register:
    return Register(Entity(Kind.PERSON, forms, new) for forms, new in zip(PEOPLE, invented, strict=False))


def plan_of(project: Project, register: Register, *, settled: Iterable[int] = ()) -> ProjectPlan:
    """The plan that replaces every name of a register, in the interviews that are not `settled`."""
    forms = {form: entity for entity in register.entities for form in entity.forms}
    either = re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))))
    edits = {}
    for source in project.sources:
        text = project.transcript(source.name).text
        found = () if source.id in settled else either.finditer(text)
        edits[source.id] = Edits(Edit(*one.span(), one[0], forms[one[0]].becomes) for one in found)
    labels: Mapping[int, Mapping[str, str]] = {}
    return ProjectPlan(Plan(register, (), {}), edits, labels, texts_of(project), ())


def dump(folder: Path) -> list[str]:
    """Every row of a project's file as SQL, but for how the log numbers its lines."""
    lines = [line for line in trace_case.dump(folder / "autokode.db") if line.startswith("INSERT")]
    return sorted(line.replace('"', "") for line in lines if "sqlite_sequence\" VALUES('decision" not in line)


KAARE = ("Kåre Ødegård", "Kåre", "Ødegård")
BOOK = """# laget av Åshild
navn: Bok
koder:
  - navn: makt
    definisjon: Når Kåre bestemmer.
    eksempler: ["Det var Kåre som sa det."]
    koder:
      - navn: om_Kåre
  - navn: om Ødegård
"""
INTERVIEW = (
    "Åshild: Hvem bestemmer?\nKåre Ødegård: Kåre Ødegård bestemmer, sier Åshild. Kåre, sier jeg.\n"
    "Åshild: Takk, Ødegård.\n"
)
SAYS, NAMED = INTERVIEW.index("sier"), INTERVIEW.index("Kåre, ")


def full_of_names(folder: Path) -> Project:
    """A project with names in every place that has words."""
    (folder / "samtale-med-Kåre.txt").write_text(INTERVIEW, encoding="utf-8")
    project = Project.create(
        folder / "p", Codebook.from_yaml("koder:\n  - navn: makt\n    definisjon: Som Kåre sa først.\n")
    )
    (folder / "p" / "codebook.yaml").write_text(BOOK, encoding="utf-8")
    project = Project.open(folder / "p")
    guid = functools.partial(guid_of, "prøve")
    package = Package(
        "Åshilds prosjekt",
        description="Om Kåre",
        users=(User(guid("u1"), "Åshild Bråten-Lie"), User(guid("u2"), "Kåre")),
        codes=(CodeNode(guid("c1"), "om_Kåre"),),
        documents=(
            Document(
                guid("d1"),
                "Kåre Ødegård",
                INTERVIEW,
                segments=(
                    PackageSegment(guid("s1"), SAYS, SAYS + 11, "Kåre", "Sa Kåre"),
                    PackageSegment(
                        guid("s2"),
                        NAMED,
                        NAMED + 4,
                        codings=(PackageCoding(guid("k1"), guid("c1"), guid("u1")),),
                    ),
                ),
                values=(Value(guid("v1"), "Text", "Åshild"),),
            ),
        ),
        cases=(Case(guid("x1"), "Kåre Ødegård", "Gift med Åshild"),),
        notes=(Note(guid("n1"), "Kåre", "Om Kåre", guid("u2")),),
        variables=(Variable(guid("v1"), "Sjef: Kåre", "Text"),),
        sets=(PackageSet(guid("t1"), "Kåres", "Åshild"),),
    )
    import_package(project, package)
    project.add(
        read_transcript(folder / "samtale-med-Kåre.txt"), file=folder / "samtale-med-Kåre.txt", office="Hos Kåre"
    )
    for coder in ("Åshild", "Kåre Ødegård"):
        suggest_by_hand(project, "samtale-med-Kåre", coder)
        reviewer, source = Reviewer(project, project.coder(coder).id), project.source("samtale-med-Kåre")
        for form in KAARE:
            at = INTERVIEW.index(form, INTERVIEW.index(": Kåre"))
            reviewer.code(source.id, at, at + len(form), "om_Kåre")
        reviewer.memo("project", "Kåre")
        reviewer.memo("project", "Kåre Ødegård")  # the same words afterwards
        reviewer.memo("code/om_Kåre", "Se samtale_med_Kåre.docx, og spør Åshild")
        reviewer.memo(f"transcript/{source.id}", "KÅRE, åshild, Kåres")
        reviewer.accept(project.database.number("SELECT max(id) - 1 FROM suggestion"))
        reviewer.undo()
    project.set("theme – Åshild", "dark")
    rename_code(project, "om Ødegård", "hos Ødegård")
    for name in ("autokode.db.før-retting-1", "codebook.yaml.bak"):
        (folder / "p" / name).write_text("Kåre", encoding="utf-8")
    return project
