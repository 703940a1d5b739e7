"""Check the installation without any network: versions, extras, models, the compiled scorer."""

import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from autokode.base import resources
from autokode.base.errors import DataError
from autokode.base.extras import EXTRAS, MissingLibraryError, lacking
from autokode.base.messages import VARIABLE, say

LIBRARIES = ("numpy", "scipy", "scikit-learn", "joblib")
PURPOSES = {
    "compile": ("rask koding av mange tekster", "fast coding of many texts"),
    "office": ("Word, Excel, ODT, ELAN, HTML, REFI-QDA", "Word, Excel, ODT, ELAN, HTML, REFI-QDA"),
    "pseudonymise": ("navn og numre som skal bort", "names and numbers to replace"),
    "report": ("temaboken", "the theme book"),
    "review": ("prosjekter og siden", "projects and the page"),
    "spacy": ("ordklasser, setninger og navn", "parts of speech, sentences and names"),
    "tables": ("Parquet og Arrow, eksport", "Parquet and Arrow, exports"),
    "nb": ("den publiserte norske spaCy-modellen", "the published Norwegian spaCy pipeline"),
    "e5": ("en setningskoder som lærer bort", "a sentence encoder as teacher"),
    "sentence-transformers": ("andre setningskodere", "other sentence encoders"),
    "dask": ("flere maskiner", "several machines"),
    "cloud": ("adresser som s3://…", "addresses like s3://…"),
    "spark": ("Spark", "Spark"),
}
"""Extra → its purpose in Norwegian, in English."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        what: the subject.
        found: the result.
        works: whether it works.
        mend: the next command if it does not.
        there: whether it is installed.
    """

    what: str
    found: str
    works: bool = True
    mend: str = ""
    there: bool = True


def checks() -> Iterator[Check]:
    """Yield a check of everything that autokode needs, and of the optional packages."""
    yield Check("Python", f"{platform.python_version()} ({platform.system()} {platform.machine()})")
    yield Check("autokode", version("autokode"))
    yield Check(say("biblioteker", "libraries"), ", ".join(f"{name} {version(name)}" for name in LIBRARIES))
    for extra, what in PURPOSES.items():
        there = lacking(extra) is None
        versions = ", ".join(f"{name} {_version(name)}" for name in EXTRAS[extra].values()) if there else ""
        found = versions or say(f"ikke installert ({what[0]})", f"not installed ({what[1]})")
        yield Check(f"autokode[{extra}]", found, there=there)
    for name, tried in _MODELS.items():
        yield _tried(name, tried)
    yield _tried(say("regnekjernen", "the scorer"), _scorer)
    yield Check(say("nettet", "the network"), _network())


def _model() -> str:
    from autokode.model import model_files

    model = model_files.load(resources.model_folder("nav-nb"))
    return say(f"{len(model.codes)} koder, arrayene er hele", f"{len(model.codes)} codes, the arrays are whole")


def _vectors() -> str:
    from autokode.model.vectors import load

    count, dimensions = load("nb-vectors").values.shape
    return say(f"{count} vektorer, {dimensions} dimensjoner, hele", f"{count} vectors, {dimensions} dimensions, whole")


def _pipeline() -> str:
    from autokode.nlp.pipeline import norwegian

    parts = norwegian(own=True).pipe_names
    return say(f"{len(parts)} deler", f"{len(parts)} parts") + f" ({', '.join(parts)})"


def _scorer() -> str:
    from autokode.base.cache import cache_folder
    from autokode.model import model_files
    from autokode.scoring.engine.compiled import CompiledScorer
    from autokode.scoring.engine.object_cache import origin
    from autokode.scoring.engine.scorer import Texts

    scorer = CompiledScorer(model_files.load(resources.model_folder("nav-nb")))
    scorer.padded(Texts.of(["Vi bygde tillit over tid."]), None)
    if came := origin():
        return say("virker; fulgte med: ", "works; came along: ") + came
    return say("virker; oversatt kode i ", "works; compiled code in ") + str(cache_folder() or say("minnet", "memory"))


_MODELS: dict[str, Callable[[], str]] = {"nav-nb": _model, "nb-vectors": _vectors, "nb_autokode_sm": _pipeline}


def _tried(what: str, tried: Callable[[], str]) -> Check:
    try:
        return Check(what, tried())
    except MissingLibraryError as error:
        return Check(what, f"{error.problems[0].what}: {error.try_next}", there=False)
    except DataError as error:
        return Check(
            what, "; ".join(problem.what for problem in error.problems), works=False, mend=error.try_next or ""
        )


def _network() -> str:
    said = say(
        "ingenting sendes; bare --dask og adresser som s3://… går ut, og bare dit de sier",
        "nothing is sent; only --dask and addresses like s3://… reach out, and only where they say",
    )
    language = os.environ.get(VARIABLE, "nb")
    return said + f" ({VARIABLE}={language})" * (language != "nb")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return say("installert", "installed")
