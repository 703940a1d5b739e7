"""Saves a model in a folder and loads it again: arrays, a manifest, a codebook and the top words. Nothing there can run code."""

import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from autokode.base.archive import own_file, parse_array, parse_json
from autokode.base.errors import DataError, failure
from autokode.base.files import folder_whole, read_bytes, write_whole
from autokode.base.hashing import sha256_of, sha256_of_file
from autokode.base.log import log
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.model.linear_model import Model
from autokode.model.thresholds import PROMISES

FORMAT = 4
_ARRAYS: dict[str, tuple[type, int]] = {
    "features": (np.uint64, 1),
    "weights": (np.float16, 2),
    "question_features": (np.uint64, 1),
    "question_weights": (np.float16, 2),
    "bias": (np.float32, 1),
    "bias_alone": (np.float32, 1),
    "thresholds": (np.float32, 1),
    "encoder_weights": (np.float32, 2),
    "limits": (np.float32, 3),
}
_TEXTS = ("codebook.yaml", "top_words.tsv")
_AGAIN = ("tren modellen på nytt: autokode train MAPPE", "train the model again: autokode train FOLDER")


def save(model: Model, folder: str | Path) -> None:
    """Write a model: one .npy an array, manifest.json, codebook.yaml and top_words.tsv; whole or not at all.

    The same model gives the same bytes. A model that stood there is replaced.

    Raises:
        DataError: the folder holds anything but a model (nothing is deleted), or it cannot be written.
    """
    check_place(Path(folder))
    with folder_whole(Path(folder)) as place:
        hashes = {}
        for name, (dtype, _dimensions) in _ARRAYS.items():
            stream = io.BytesIO()
            np.save(stream, getattr(model, name).astype(dtype), allow_pickle=False)
            write_whole(place / f"{name}.npy", stream.getvalue())
            hashes[name] = sha256_of(stream.getvalue())
        if model.codebook is not None:
            model.codebook.write(place / "codebook.yaml")
        write_whole(place / "top_words.tsv", _as_tsv(model.top_words))
        facts = {
            "format": FORMAT,
            "lang": model.lang,
            "codes": list(model.codes),
            "most": model.most,
            "arrays": hashes,
            "texts": {path.name: sha256_of_file(path) for path in sorted(place.glob("*.[ty]*"))},
        }
        facts |= model.manifest
        facts["sha256"] = sha256_of_facts(facts)
        write_whole(place / "manifest.json", json.dumps(facts, ensure_ascii=False, indent=2) + "\n")


def load(folder: str | Path, *, encoder: str | Path | None = None) -> Model:
    """Read a model folder.

    Args:
        folder: the folder; nothing outside of it is read, and nothing in it is run.
        encoder: the folder of the encoder in the score, if it is a folder: loading it may run code, so the caller must name it.

    Raises:
        DataError: the folder is no model, of another format, incomplete, or its arrays are not the ones saved; or its
            score has an encoder in a folder that was not named.
    """
    folder = Path(folder)
    facts = _manifest(folder)
    arrays = {name: _array(folder, name, facts["arrays"].get(name)) for name in _ARRAYS}
    _check_shapes(folder, arrays, len(facts["codes"]))
    if len(arrays["encoder_weights"]) and is_foreign(facts.get("encoder"), encoder):
        mend = say("om du stoler på mappen: ", "if you trust the folder: ")
        raise failure(
            f"modellen har en enkoder i mappen «{facts['encoder']}», som må navngis av den som bruker den",
            f"the model has an encoder in the folder «{facts['encoder']}», which whoever uses it must name",
            where=folder,
            try_next=f'{mend}load_model("{folder}", encoder="{facts["encoder"]}")',
        )
    log.debug("loaded a model of %d codes", len(facts["codes"]))
    book = own_file(folder / "codebook.yaml")
    known = {"format", "lang", "codes", "most", "arrays", "texts", "sha256"}
    return Model(
        lang=facts["lang"],
        codes=tuple(facts["codes"]),
        **arrays,
        most=facts["most"],
        top_words=_from_tsv(folder / "top_words.tsv"),
        codebook=Codebook.read(book) if book.exists() else None,
        manifest={key: value for key, value in facts.items() if key not in known},
    )


def _check_shapes(folder: Path, arrays: dict[str, Any], codes: int) -> None:
    shapes = {
        "weights": (len(arrays["features"]), codes),
        "question_weights": (len(arrays["question_features"]), codes),
        "bias": (codes,),
        "bias_alone": (codes,),
        "thresholds": (codes,),
        "limits": (2, len(PROMISES), codes),
        "encoder_weights": (len(arrays["encoder_weights"]), codes),
    }
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise _broken(folder / f"{name}.npy", f"{arrays[name].shape} ≠ {shape}")


def is_foreign(stated: str | None, given: str | Path | None) -> bool:
    """Whether the encoder that a model names is a folder here that nobody gave: loading it may run code."""
    return stated is not None and stated != str(given) and os.path.exists(stated)  # noqa: PTH110 - a name may be too long for Path


def check_place(folder: Path) -> None:
    """Check that no file or folder but a model stands where one is to be saved.

    Raises:
        DataError: something else stands there; nothing is touched.
    """
    if not folder.exists():
        return
    foreign = strangers_in(folder) if folder.is_dir() else [folder.name]
    if foreign:
        shown = ", ".join(foreign[:3]) + (" …" if len(foreign) > 3 else "")
        mend = say("velg en ny mappe: --out min-modell", "choose a new folder: --out my-model")
        raise failure(
            f"her står det annet enn en modell ({shown}); ingenting er endret",
            f"something other than a model stands here ({shown}); nothing was changed",
            where=folder,
            try_next=mend,
        )


_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""Files that file managers leave in any folder they show."""


def strangers_in(folder: Path) -> list[str]:
    """The names of what lies in a folder and is neither a part of a model nor a file manager's, sorted."""
    own = {*(f"{name}.npy" for name in _ARRAYS), "manifest.json", *_TEXTS, *_LITTER}
    return sorted({path.name for path in folder.iterdir()} - own)


def manifest_sha256(folder: Path) -> str:
    """The SHA-256 of the manifest of a model's folder, in hexadecimal: it tells one model from another."""
    return sha256_of_file(folder / "manifest.json")


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not os.path.exists(path):  # noqa: PTH110 - the same
        what = "er ingen modellmappe (fant ingen manifest.json)", "is no model folder (no manifest.json in it)"
        raise failure(*what, where=folder, try_next="autokode train MAPPE --out modell")
    try:
        facts = parse_json(read_bytes(own_file(path)), str(path), "")
    except DataError as error:
        raise _broken(path, error.problems[0].what) from error
    if not isinstance(facts, dict):
        kind = type(facts).__name__
        raise _broken(path, say(f"fant {kind}, ventet et objekt", f"{kind}, not an object"))
    if (found := facts.get("format")) != FORMAT:
        raise failure(
            f"modellen har format {found}; denne utgaven leser format {FORMAT}",
            f"the model is of format {found}; this version reads format {FORMAT}",
            where=path,
            try_next=say(*_AGAIN),
        )
    if facts.get("sha256", said := sha256_of_facts(facts)) != said:  # models of the first versions do not state it
        raise _changed(path)
    if not _has_facts(facts):
        raise _broken(path, say("mangler lang, codes eller arrays", "lacks lang, codes or arrays"))
    for name, sha256 in facts.get("texts", {}).items():
        place = own_file(folder / name) if name in _TEXTS else path
        if name in _TEXTS and place.exists() and sha256_of_file(place) != sha256:
            raise _changed(place)
    return facts


def _has_facts(facts: dict[str, Any]) -> bool:
    return (
        isinstance(facts.get("lang"), str)
        and isinstance(facts.get("arrays"), dict)
        and isinstance(facts.get("texts", {}), dict)
        and isinstance(facts.get("codes"), list)
        and all(isinstance(code, str) for code in facts["codes"])
        and isinstance(facts.get("encoder"), str | None)
        and facts.get("most") in range(1, 1 << 31)
    )


def sha256_of_facts(facts: dict[str, Any]) -> str:
    """The SHA-256 of all facts of a manifest but its own `sha256`, which shows whether anybody changed a letter."""
    others = {key: value for key, value in facts.items() if key != "sha256"}
    return sha256_of(json.dumps(others, ensure_ascii=False, sort_keys=True))


def _array(folder: Path, name: str, sha256: str | None) -> Any:
    path = own_file(folder / f"{name}.npy")
    data = read_bytes(path)
    if sha256_of(data) != sha256:
        raise _changed(path)
    dtype, dimensions = _ARRAYS[name]
    try:
        array = parse_array(data)
    except MemoryError:
        raise
    except Exception as error:  # a header is read as Python's literals are: SyntaxError, TokenError, ValueError, …
        raise _broken(path, str(error)) from error
    if array.dtype != dtype or array.ndim != dimensions:
        raise _broken(path, f"{array.dtype} {array.shape}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise _broken(path, say("tall som ikke er endelige", "numbers that are not finite"))
    return array.astype(np.float32) if dtype is np.float16 else array


def _broken(path: Path, reason: str) -> DataError:
    return failure(
        f"modellfilen er skadet: {reason}", f"the model file is damaged: {reason}", where=path, try_next=say(*_AGAIN)
    )


def _changed(path: Path) -> DataError:
    return _broken(path, say("innholdet er ikke det som ble lagret", "the content is not what was saved"))


def _as_tsv(top_words: dict[str, tuple[tuple[str, float], ...]]) -> str:
    lines = ["code\tword\tweight"]
    lines += [f"{code}\t{word}\t{weight:.4f}" for code, words in top_words.items() for word, weight in words]
    return "\n".join(lines) + "\n"


def _from_tsv(path: Path) -> dict[str, tuple[tuple[str, float], ...]]:
    found: dict[str, list[tuple[str, float]]] = {}
    try:
        for line in filter(None, read_bytes(own_file(path)).decode("utf-8").split("\n")[1:]):
            code, word, weight = line.split("\t")
            found.setdefault(code, []).append((word, float(weight)))
    except ValueError as error:
        raise _broken(path, str(error)) from error
    return {code: tuple(words) for code, words in found.items()}
