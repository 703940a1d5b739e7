"""A small study, invented for these tests: six interviews at three libraries, coded by two. No real person is in it."""

from pathlib import Path

from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.project.active_learning.training_round import learn
from autokode.project.store.reviewing import Reviewer

BOOK = Codebook(
    "Biblioteket på bygda",
    (
        Code(
            "møtested",
            codable=False,
            definition="Biblioteket som et sted å være.",
            codes=(
                Code("ro", definition="Å ha et stille sted for seg selv."),
                Code("fellesskap", definition="Å treffe andre, snakke sammen og høre til."),
            ),
        ),
        Code("åpningstid", definition="Når det er åpent, og om det passer."),
        Code("bøker å låne", definition="Det en låner og leser."),
    ),
)

OFFICES = {"anna": "Bibliotek A", "atle": "Bibliotek A", "berit": "Bibliotek B", "bo": "Bibliotek B"}
SAID = {
    "anna": [
        ("ro", "Jeg går dit når det er bråk hjemme, for der er det stille og ingen som maser på meg."),
        ("åpningstid", "Det stenger klokka fire, og da er jeg på jobb, så det passer ikke i det hele tatt."),
        ("", "Ja. Det er vel sånn det er."),
        ("bøker å låne", "Jeg låner krim, mest krim, og noen ganger en kokebok til helga."),
        ("fellesskap ro", "Vi sitter flere rundt bordet uten å si så mye, og det er godt å høre til likevel."),
    ],
    "atle": [
        ("fellesskap", "Der treffer jeg folk fra bygda som jeg ellers aldri ville snakket med."),
        ("åpningstid", "Kveldsåpent på torsdag er det beste de har funnet på, da er det åpent til åtte."),
        ("bøker å låne", "Ungene låner tegneserier i stabler, og jeg bærer dem hjem."),
        ("ro", "Det er ikke stille der lenger, for nå er det ungdommer som bråker i hele etasjen."),
    ],
    "berit": [
        ("fellesskap", "Strikkekafeen er der, og der snakker vi sammen om alt mulig hver onsdag."),
        ("bøker å låne", "Eg låner romanar på nynorsk, og dei hentar heim det dei ikkje har."),
        ("", "Ikkje sant."),
        ("ro", "Eg sit i kroken bak hyllene, der er det stilt og ingen ser meg."),
        ("åpningstid", "Det er ope for seint om morgonen, eg er jo oppe klokka fem."),
    ],
    "bo": [
        ("fellesskap åpningstid", "Når det er kveldsåpent, kommer hele laget innom etter trening og henger der."),
        ("bøker å låne", "Æ låne ikkje så mye, æ les mest på skjerm, men lydbok låne æ."),
        ("ro", "Det e rolig der, æ får lest til eksamen uten at nån forstyrre."),
    ],
    "camilla": [
        ("åpningstid", "Selvbetjent er fint, jeg kan gå inn med kort når det ikke er åpent."),
        ("bøker å låne", "Barnebøker, og så fagbøker om hage, dem låner jeg om igjen hvert år 🌱."),
        ("fellesskap", "Språkkafeen var der jeg lærte norsk og fikk de første vennene mine her."),
        ("", "Mhm."),
    ],
    "conny": [
        ("ro", "Jeg er der for å få fred, jeg sier det som det er, hjemme er det fire unger."),
        ("fellesskap", "Nei, jeg snakker ikke med noen der, jeg kjenner ingen og vil helst ikke."),
        ("bøker å låne", "Jeg låner filmer, ikke bøker, det er det ingen som vet at de har."),
        ("åpningstid", "Åpent lørdag, det er det jeg ønsker meg, for da har jeg fri."),
    ],
}


def study(folder: Path, *, pseudonymised: bool = True, order: tuple[str, ...] = tuple(SAID)) -> Project:
    """Make the project: Kari coded all of it, Per half of it and a little otherwise."""
    project = Project.create(folder, BOOK)
    codings = []
    for name in order:
        text = "".join(f"Intervjuer: Hva mer?\n{name.capitalize()}: {said}\n" for _, said in SAID[name])
        transcript = from_source(Source(text), name)
        project.add(transcript, office=OFFICES.get(name, "Bibliotek C"), pseudonymised=pseudonymised)
        for index, (codes, said) in zip(transcript.answers, SAID[name], strict=True):
            utterance = transcript.utterances[index]
            assert text[utterance.start : utterance.end] == said
            segment = Segment(name, utterance.start, utterance.end, said)
            found = [] if not codes else ["bøker å låne"] if codes == "bøker å låne" else codes.split()
            codings += [Coding(segment, code, "Kari", "2026-03-01") for code in found]
            if name in ("anna", "bo", "conny", "berit", "camilla") and found and index != transcript.answers[0]:
                codings.append(Coding(segment, found[-1], "Per", "2026-03-02"))
    project.add_codings(codings)
    return project


def decided(project: Project) -> None:
    """Let Ola learn from four interviews, and accept, reject and change suggestions in the others."""
    ola = project.coder("Ola")
    own = [coding for coding in project.codings("Kari") if coding.segment.transcript not in ("anna", "conny")]
    project.add_codings([Coding(one.segment, one.code, "Ola", one.time) for one in own])
    learn(project, ola)
    reviewer = Reviewer(project, ola.id)
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT suggestion.id, code FROM suggestion JOIN transcript ON transcript.id = suggestion.transcript "
            "WHERE round = (SELECT round FROM coder WHERE id = ?) ORDER BY probability DESC, suggestion.id",
            (ola.id,),
        ).fetchall()
    for i, row in enumerate(rows[:6]):
        if i % 3 == 1:
            reviewer.reject(row["id"])
        elif i == 5:
            reviewer.change(row["id"], "bøker å låne" if row["code"] != "bøker å låne" else "ro")
        else:
            reviewer.accept(row["id"])
