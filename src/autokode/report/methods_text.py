"""The methods section of a thesis, written from its figures, in Norwegian and English."""

from collections.abc import Iterator

from autokode import __version__
from autokode.agreement import Agreement
from autokode.base.formatting import counted, day, number, percent, whole
from autokode.base.messages import interface_language, reading_in, say
from autokode.evaluation.cross_validation import PRECISION, Evaluation
from autokode.report.methods import CoderWork, Methods
from autokode.report.methods_of_rest import rest_text
from autokode.training.teacher_report import sentence

TITLES = {"nb": "Metode", "nn": "Metode", "en": "Methods"}
"""Language → the section's heading, in it."""


def paragraphs(methods: Methods, code: str) -> tuple[str, ...]:
    """The paragraphs of the section, in "nb" or "en"."""
    with reading_in(code):
        parts = [_material(methods), _coding(methods)]
        parts += [_model(one) for one in methods.coders if one.model is not None]
        parts += [_measured(methods.evaluation)] if methods.evaluation else []
        parts += [_agreed(methods.agreement)] if methods.agreement else []
        parts += [rest_text(methods)] if methods.rests or methods.in_vain or methods.models_elsewhere else []
        return (*parts, _repeatable(methods))


def section_languages() -> tuple[str, str]:
    """The languages of the section: Norwegian, in the form that was chosen, and English."""
    return ("nn" if interface_language() == "nn" else "nb"), "en"


def sections(methods: Methods) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield (language, heading, paragraphs) of the section in both languages, the chosen one first."""
    first, other = sorted(section_languages(), key=lambda code: code != interface_language())
    yield first, TITLES[first], paragraphs(methods, first)
    yield other, say("Metode, på engelsk", "Methods, in Norwegian"), paragraphs(methods, other)


def text_of(methods: Methods) -> str:
    """The section in both languages, as Markdown."""
    parts = (f"# {TITLES[code]}\n\n" + "\n\n".join(paragraphs(methods, code)) for code in section_languages())
    return "\n\n".join(parts) + "\n"


def _between(interval: tuple[float, float] | None) -> str:
    if interval is None:
        return ""
    low, high = interval
    return say(f" (95 % KI {percent(low)}–{percent(high)})", f" (95% CI {percent(low)}–{percent(high)})")


def _from_offices(count: int) -> str:
    if count == 1:
        return say(" fra én gruppe", " from one group")
    return say(f" fra {count} grupper", f" from {count} groups")


def _material(m: Methods) -> str:
    offices = _from_offices(m.offices) if m.offices else ""
    hidden = (
        say(" Alle er pseudonymisert.", " All are pseudonymised.")
        if m.pseudonymised >= m.interviews
        else say(f" {m.pseudonymised} av dem er pseudonymisert.", f" {m.pseudonymised} of them are pseudonymised.")
    )
    kinds = say("kategori", "category") if m.categories == 1 else say("kategorier", "categories")
    interviews = counted(m.interviews, say("intervju", "interview"), say("intervjuer", "interviews"))
    speakers = counted(m.speakers, say("informant", "informant"), say("informanter", "informants"))
    spoken = say(f" med {speakers}", f" with {speakers}") if m.speakers else ""
    return (
        say(
            f"Materialet er {interviews}{offices}{spoken}: {whole(m.answers)} svar, til sammen {whole(m.words)} ord.",
            f"The material is {interviews}{offices}{spoken}: {whole(m.answers)} answers, "
            f"{whole(m.words)} words in all.",
        )
        + hidden
        + say(
            f" Kodeboken har {m.codes} koder i {m.categories} {kinds}.",
            f" The codebook has {m.codes} codes in {m.categories} {kinds}.",
        )
    )


def _coding(m: Methods) -> str:
    parts = [_how_coded(m)]
    for one in m.coders:
        parts.append(_work(one))
        v = one.verdicts
        if v.promised is not None and v.achieved is not None:
            parts.append(
                say(
                    f"Av {counted(v.decided, 'avgjort', 'avgjorte')} forslag ble {whole(v.accepted)} godtatt, "
                    f"{whole(v.changed)} endret til en annen kode og {whole(v.rejected)} avvist. Disse forslagene lovet i "
                    f"gjennomsnitt en presisjon på {percent(v.promised)}; oppnådd ble {percent(v.achieved)}"
                    f"{_between(v.interval)}.",
                    f"Of {counted(v.decided, 'suggestion', 'suggestions')} decided on, {whole(v.accepted)} were accepted, "
                    f"{whole(v.changed)} changed to another code and {whole(v.rejected)} rejected. On average these promised a "
                    f"precision of {percent(v.promised)}; {percent(v.achieved)} was achieved{_between(v.interval)}.",
                )
            )
        if one.undecided:
            parts.append(
                say(
                    f"{whole(one.undecided)} forslag er ikke avgjort, og teller ikke med noe sted.",
                    f"{counted(one.undecided, 'suggestion is', 'suggestions are')} not decided on, and count nowhere.",
                )
            )
        if one.missed is not None and one.read < one.answers:
            more = f"{one.missed:.0f} {'koding' if round(one.missed) == 1 else 'kodinger'}"
            parts.append(
                say(
                    f"I det som ikke er lest, anslås det å være omtrent {more} til.",
                    f"In what was not read there are an estimated {one.missed:.0f} codings more.",
                )
            )
    return " ".join(parts)


def _how_coded(m: Methods) -> str:
    local = say("som kjører på egen maskin", "which runs on one's own machine")
    if not m.teachers:
        local += say(" og ikke sender noe ut", " and sends nothing out")
    elsewhere, every = sum(one.elsewhere for one in m.coders), sum(one.codings for one in m.coders)
    if not every:
        return say(
            f"Ingenting er kodet i autokode {__version__} ennå.", f"Nothing is coded in autokode {__version__} yet."
        )
    made = (
        say(f"Kodingene ble tatt inn i autokode {__version__}", f"The codings were taken into autokode {__version__}")
        if elsewhere == every
        else say(f"Kodingen ble gjort i autokode {__version__}", f"Coding was done in autokode {__version__}")
    )
    suggests = say(
        " Programmet foreslo koder; et forslag teller ikke før et menneske har tatt stilling til det.",
        " The program suggested codes; a suggestion counts for nothing until a person has decided on it.",
    )
    return f"{made}, {local}." + _shown_to(m.teachers) + suggests * any(one.saw_suggestions for one in m.coders)


def _shown_to(teachers: tuple[str, ...]) -> str:
    """Say which programs got to see answers, and that none of them coded."""
    if not teachers:
        return ""
    names = ", ".join(f"«{name}»" for name in teachers)
    return say(
        f" Svar, spørsmål og kodeboken ble vist til {names}, for at modellen skulle lære av kodene derfra; ingen koding her er "
        "derfra.",
        f" Answers, questions and the codebook were shown to {names}, for the model to learn from the codes given there; no "
        "coding here is from there.",
    )


def _work(one: CoderWork) -> str:
    """A sentence on what a coder read and gave."""
    blind = say(" uten å se forslag", " without seeing suggestions") if one.blind else ""
    if one.blind_until and not one.blind:
        until = day(one.blind_until)
        blind = say(f" (til {until} uten å se forslag)", f" (until {until} without seeing suggestions)")
    suggested = say(
        f", {whole(one.suggested)} av dem etter forslag", f", {whole(one.suggested)} of them after a suggestion"
    )
    given = counted(one.codings, say("koding", "coding"), say("kodinger", "codings"))
    if one.elsewhere and one.elsewhere == one.codings:
        return say(
            f"{one.coder} ga {given}, som ble tatt inn ferdige; {whole(one.read)} av {whole(one.answers)} svar regnes som lest "
            "til ende.",
            f"{one.coder} gave {given}, which were taken in ready-made; {whole(one.read)} of {whole(one.answers)} answers count "
            "as read to the end.",
        )
    taken_in = say(
        f", {whole(one.elsewhere)} av dem tatt inn ferdige", f", {whole(one.elsewhere)} of them taken in ready-made"
    )
    parts = taken_in * bool(one.elsewhere) + suggested * one.saw_suggestions
    return say(
        f"{one.coder} leste ferdig {whole(one.read)} av {whole(one.answers)} svar{blind} og ga {given}{parts}.",
        f"{one.coder} read {whole(one.read)} of {whole(one.answers)} answers to the end{blind} and gave {given}{parts}.",
    )


def _model(one: CoderWork) -> str:
    model = one.model
    assert model is not None  # noqa: S101 - `paragraphs` checks it
    low, middle, high = (number(value) for value in model.thresholds)
    rounds = say("runde", "round") if model.rounds == 1 else say("runder", "rounds")
    source = (
        say(f"modellen «{model.given}» slik den er", f"the model «{model.given}» as it is")
        if model.given
        else say(
            f"en modell lært av {whole(model.texts)} svar som {one.coder} hadde kodet eller lest, i {model.interviews} "
            f"intervjuer, etter {model.rounds} {rounds} (frø {model.seed})",
            f"a model learnt from {whole(model.texts)} answers that {one.coder} had coded or read, in {model.interviews} "
            f"interviews, after {model.rounds} {rounds} (seed {model.seed})",
        )
    )
    held = (
        ""
        if model.average_precision is None
        else say(
            f" På svar holdt utenfor var gjennomsnittlig presisjon over kodene {number(model.average_precision)}.",
            f" On answers held out the mean average precision over codes was {number(model.average_precision)}.",
        )
    )
    chosen = (
        ""
        if model.precision is None
        else say(
            f" Forslagene ble bedt om med en presisjon på {number(model.precision)}.",
            f" Suggestions were asked for with a precision of {number(model.precision)}.",
        )
    )
    return (
        say(
            f"De siste forslagene til {one.coder} kom fra {source}: en lineær modell over ord, bokstavrekker, ordvektorer og "
            f"spørsmålet svaret gjelder, med kalibrerte sannsynligheter. En kode foreslås fra en sannsynlighet på {low} til "
            f"{high} etter kode (median {middle}).",
            f"The last suggestions to {one.coder} came from {source}: a linear model over words, character n-grams, word "
            f"vectors and the question answered, with calibrated probabilities. A code is suggested from a probability of {low} "
            f"to {high} depending on the code (median {middle}).",
        )
        + chosen
        + held
        + (f" {sentence(model.teacher)}" if model.teacher else "")
        + say(f" Modellens SHA-256 er {model.sha256}.", f" The model's SHA-256 is {model.sha256}.")
    )


def _measured(found: Evaluation) -> str:
    promise = next(one for one in found.promises if one.kind == "precision")
    achieved = (
        say("ingen kode kunne love det ennå", "no code could promise it yet")
        if promise.achieved is None
        else say(
            f"oppnådd ble {percent(promise.achieved)}{_between(promise.interval)} av {whole(promise.shown)} forslag",
            f"{percent(promise.achieved)}{_between(promise.interval)} of {whole(promise.shown)} suggestions was achieved",
        )
    )
    spread = ""
    if found.interval is not None:
        low, high = (number(end) for end in found.interval)
        spread = say(f" (95 % KI {low}–{high})", f" (95% CI {low}–{high})")
    return say(
        f"Modellen ble prøvd ved å holde ett og ett av {len(found.interviews)} intervjuer helt utenfor. Gjennomsnittlig "
        f"presisjon over kodene var {number(found.macro_average_precision)}{spread}. Med en lovet presisjon på "
        f"{percent(PRECISION)} {'var det slik at ' if promise.achieved is None else ''}{achieved}.",
        f"The model was tried by holding out each of {len(found.interviews)} interviews in turn. The mean average precision over "
        f"codes was {number(found.macro_average_precision)}{spread}. With a promised precision of {percent(PRECISION)}, "
        f"{achieved}.",
    )


def _agreed(found: Agreement) -> str:
    sets, mean = found.row("sets"), found.row("mean")
    units = sets.units

    def shown(row: str, figure: object) -> str:
        value = getattr(figure, "value", None)
        interval = getattr(figure, "interval", None)
        if value is None:
            return "–"
        spread = f" [{number(interval[0])}–{number(interval[1])}]" if interval else ""
        return f"{row} {number(value)}{spread}"

    names = say(" og ", " and ").join(filter(None, [", ".join(found.coders[:-1]), found.coders[-1]]))
    who = names if len(found.coders) == 2 else say(f"minst to av {names}", f"two or more of {names}")
    read = counted(units, say("svar", "answer"), say("svar", "answers"))
    said = say(
        f"{read} i {counted(found.interviews, 'intervju', 'intervjuer')} ble lest ferdig av {who}. De var enige om hele "
        f"kodesettet i {percent(sets.agreed.value)} ({shown('Krippendorffs alfa med MASI-avstand', sets.alpha)}); snittet over "
        f"kodene var {shown('alfa', mean.alpha)}, {shown('Cohens kappa', mean.kappa)} og {shown('Gwets AC1', mean.ac1)}.",
        f"{read} in {counted(found.interviews, 'interview', 'interviews')} were read to the end by {who}. They agreed on the "
        f"whole set of codes in {percent(sets.agreed.value)} "
        f"({shown('Krippendorff’s alpha with MASI distance', sets.alpha)}); the means over codes were "
        f"{shown('alpha', mean.alpha)}, {shown('Cohen’s kappa', mean.kappa)} and {shown('Gwet’s AC1', mean.ac1)}.",
    )
    return said + _about_agreement(found)


def _about_agreement(found: Agreement) -> str:
    unit = say(" Enheten er svaret.", " The unit is the answer.")
    outside = say(
        " Kodet tekst utenfor ytringene er tatt med som om den var et svar.",
        " Coded text outside the utterances is included as if it were an answer.",
    )
    intervals = say(" Intervallene er 95 % over intervjuer.", " Intervals are 95% over interviews.")
    return unit + outside * bool(found.outside) + intervals * bool(found.row("sets").agreed.interval)


def _repeatable(m: Methods) -> str:
    used = ", ".join(f"{name} {number}" for name, number in m.versions.items())
    return say(
        f"Brukte versjoner: {used}. Kodebokens SHA-256 er {m.codebook_sha256}. Et manifest (i autokode under Rapport, "
        "Metode) har hasher av alle transkripsjoner, kodinger og modeller, frø og valg; den som har det samme materialet, får "
        "med det de samme forslagene, byte for byte.",
        f"Versions used: {used}. The codebook's SHA-256 is {m.codebook_sha256}. A manifest (in autokode under Report, "
        "Methods) holds hashes of all transcripts, codings and models, seeds and choices; whoever has the same material gets "
        "the same suggestions by it, byte for byte.",
    )
