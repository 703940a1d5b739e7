"""autokode: suggests codes for Norwegian interviews, learnt from your own hand-coded segments."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autokode.autocoder import AutoCoder as AutoCoder
    from autokode.autocoder import load_model as load_model
    from autokode.base.errors import DataError as DataError
    from autokode.base.messages import set_language as set_language
    from autokode.batch import score as score
    from autokode.corpus.codebook import Codebook as Codebook
    from autokode.corpus.coding import read_codings as read_codings
    from autokode.corpus.study import read_study as read_study
    from autokode.corpus.transcript import Transcript as Transcript
    from autokode.corpus.transcript import read_transcript as read_transcript
    from autokode.evaluation.cross_validation import evaluate as evaluate
    from autokode.nlp.pipeline import norwegian as norwegian
    from autokode.suggestion import suggest as suggest

_HOMES = {
    "AutoCoder": "autocoder",
    "Codebook": "corpus.codebook",
    "DataError": "base.errors",
    "Transcript": "corpus.transcript",
    "evaluate": "evaluation.cross_validation",
    "load_model": "autocoder",
    "norwegian": "nlp.pipeline",
    "read_codings": "corpus.coding",
    "read_study": "corpus.study",
    "read_transcript": "corpus.transcript",
    "score": "batch",
    "set_language": "base.messages",
    "suggest": "suggestion",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - the names have one home, the table above
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load a public name from its room on first use, so that `import autokode` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module 'autokode' has no attribute {name!r}")
    return getattr(import_module(f"autokode.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
