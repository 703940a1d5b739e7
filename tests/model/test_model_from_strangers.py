"""A stranger's model is numbers and words: it runs no code, reads no file, takes no room. And a stranger's rows and requests."""

import contextlib
import gzip
import io
import json
import os
import pickle
import sys
import types
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autokode import load_model
from autokode.base.errors import DataError
from autokode.cli import run
from autokode.model.model_files import load
from fuzz_case import peak_memory, watched
from fuzz_models import MANIFEST, TEXTS, _scored, arrow, model_files, put_model
from fuzz_page import HOST, Page
from hostile_case import put, refused
from model_case import same_model
from review_case import TOKEN


def saved(array: object, **options: bool) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.asarray(array), **options)  # type: ignore[arg-type]
    return stream.getvalue()


def stated(shape: str, dtype: str = "<f4") -> bytes:
    """An .npy file that says it has a shape, and has no numbers."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()


def told(**about: object) -> dict[str, bytes]:
    return {MANIFEST: json.dumps({**json.loads(model_files()[MANIFEST]), **about}).encode()}


class Harm:
    """What a pickle runs when it is read."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("touch skade",)


def packed(**arrays: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def bomb() -> bytes:
    """An .npz of a few kilobytes that unpacks to hundreds of megabytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.npy", "w") as file:
        file.write(stated("(100000000,)"))
        for _ in range(100):
            file.write(bytes(1 << 20))
    return stream.getvalue()


ARRAYS = {
    "objects": lambda: saved(np.array([Harm(), Harm()], object), allow_pickle=True),
    "a pickle alone": lambda: pickle.dumps(Harm()),
    "an .npz": lambda: packed(a=np.zeros(2, np.float32)),
    "an .npz of objects": lambda: packed(a=np.array([Harm()], object)),
    "an .npz that unpacks without end": bomb,
    "a huge shape": lambda: stated("(4611686018427387904,)"),
    "a shape of 40 GB": lambda: stated("(10000000000,)"),
    "a negative shape": lambda: stated("(-1, -2)"),
    "too many dimensions": lambda: stated("(" + "1, " * 40 + ")"),
    "a shape that is no tuple": lambda: stated("__import__('os').system('touch skade')"),
    "a header without an end": lambda: stated("(("),
    "a header a thousand deep": lambda: stated("(" * 1000),
    "too few numbers": lambda: saved(np.zeros(1, np.float32)),
    "too many numbers": lambda: saved(np.zeros(3, np.float32)),
    "numbers behind the last": lambda: saved(np.zeros(2, np.float32)) + b"\0",
    "not a number": lambda: saved(np.array([np.nan, 0], np.float32)),
    "an infinite number": lambda: saved(np.array([0, np.inf], np.float32)),
    "another kind of number": lambda: saved(np.zeros(2, np.float64)),
    "complex numbers": lambda: saved(np.zeros(2, np.complex64)),
    "letters": lambda: saved(np.array(["a", "b"])),
    "the other end first": lambda: saved(np.zeros(2, ">f4")),
    "another version": lambda: saved(np.zeros(2, np.float32)).replace(b"NUMPY\x01", b"NUMPY\x03"),
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("what", ARRAYS)
def test_an_array_is_the_numbers_that_belong_there_and_nothing_else(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder, before = put_model(tmp_path, {"bias.npy": ARRAYS[what]()}), peak_memory()
    with watched(folder) as reached:
        refused(lambda: load(folder), "bias.npy: modellfilen er skadet")
    assert reached == []
    assert not (tmp_path / "skade").exists()
    assert peak_memory() - before < 50 << 20


def test_the_model_that_these_are_made_of_is_a_model(tmp_path: Path) -> None:
    whole = load_model(put_model(tmp_path, {}))
    first = saved(np.asfortranarray(whole.model_.weights.astype(np.float16)))
    other = load_model(put_model(tmp_path, {"weights.npy": first}))  # the order of NumPy's own choosing
    assert same_model(other.model_, whole.model_)


MANIFESTS: dict[str, tuple[dict[str, bytes], str]] = {
    "ten thousand levels": ({MANIFEST: b'{"a":' * 10_000 + b"1" + b"}" * 10_000}, "for mange nivåer"),
    "ten thousand lists": ({MANIFEST: b"[" * 10_000 + b"]" * 10_000}, "for mange nivåer"),
    "six hundred lists": ({MANIFEST: b"[" * 600 + b"]" * 600}, "for mange nivåer"),
    "ten thousand levels without an end": ({MANIFEST: b'{"a":' * 10_000}, "modellfilen er skadet"),
    "a number without end": ({MANIFEST: b'{"format": ' + b"3" * 5000 + b"}"}, "modellfilen er skadet"),
    "no UTF-8": ({MANIFEST: b"\xff\xfe\xff"}, "modellfilen er skadet"),
    "codes that are no words": (told(codes=[["a"], "b"]), "mangler lang, codes eller arrays"),
    "other codes": (told(codes=["a"]), "≠"),
    "an encoder that is none": (told(encoder=["/"]), "mangler lang, codes eller arrays"),
    "no arrays": (told(arrays={}), "innholdet er ikke det som ble lagret"),
}


@pytest.mark.parametrize("what", MANIFESTS)
def test_a_manifest_says_what_it_must_and_is_refused(what: str, tmp_path: Path) -> None:
    files, message = MANIFESTS[what]
    refused(lambda: load(put_model(tmp_path, files)), message)


@pytest.mark.parametrize("name", ["../hemmelig", "/etc/passwd", "../m/../hemmelig", "..", "", "a\0b", "bias.npy"])
def test_a_manifest_names_no_file_outside(name: str, tmp_path: Path) -> None:
    (tmp_path / "hemmelig").write_text("hemmelig", encoding="utf-8")
    folder = put_model(tmp_path, told(texts={name: "0" * 64}, arrays=json.loads(model_files()[MANIFEST])["arrays"]))
    opened: list[str] = []
    sys.addaudithook(lambda event, about: opened.append(str(about[0])) if event == "open" else None)
    load(folder)
    opened, seen = [], list(opened)
    assert seen
    assert {Path(path).parent for path in seen if str(tmp_path) in path} == {folder}
    assert "/etc/passwd" not in seen


@pytest.mark.parametrize("name", [MANIFEST, "bias.npy", "codebook.yaml", "top_words.tsv"])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_a_file_of_a_model_is_its_own(name: str, kind: str, tmp_path: Path) -> None:
    folder = put_model(tmp_path, {})
    path = folder / name
    path.rename(tmp_path / "annet")
    if kind == "link":
        path.symlink_to(tmp_path / "annet")
    elif kind == "pipe":
        os.mkfifo(path)  # who opens it waits for ever
    else:
        path.mkdir()
    refused(lambda: load(folder), "er en lenke, ikke en fil")


@pytest.mark.parametrize("lang", ["../x", "nb.punctuation", "os", "nb\0", "", "NB", "x" * 5000, "__init__"])
def test_a_language_is_one_of_spacys(lang: str, tmp_path: Path) -> None:
    coder = load_model(put_model(tmp_path, told(lang=lang)))
    refused(lambda: coder.explain(TEXTS[0], coder.codes_[0]), "kjenner ikke språket")


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "", "finnes ikke/her"])
def test_a_name_that_is_no_file(name: str, tmp_path: Path) -> None:
    refused(lambda: load_model(name), "ingen modellmappe")
    assert load_model(put_model(tmp_path, told(encoder=name))).get_params()["encoder"] == name


def test_a_model_cannot_name_a_folder_of_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []

    class SentenceTransformer:
        def __init__(self, name: str, *, local_files_only: bool) -> None:
            assert local_files_only
            loaded.append(name)

        def encode(self, texts: list[str], *, show_progress_bar: bool) -> np.ndarray:
            return np.ones((len(texts), 3), np.float32)

    library = types.ModuleType("sentence_transformers")
    library.__dict__.update(SentenceTransformer=SentenceTransformer, __version__="9")
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    monkeypatch.setenv("AUTOKODE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "koder").mkdir()
    encoder = str(tmp_path / "koder")
    folder = put_model(tmp_path, {**told(encoder=encoder), "encoder_weights.npy": saved(np.zeros((3, 2), np.float32))})
    refused(lambda: load_model(folder), "må navngis av den som bruker den")
    assert loaded == []
    load_model(folder, encoder=encoder).predict(TEXTS)
    assert loaded == [encoder]
    teaching = put_model(tmp_path, told(encoder=encoder))
    assert load_model(teaching).get_params()["encoder"] is None
    assert load_model(teaching, encoder=encoder).get_params()["encoder"] == encoder


# rows, and requests


def test_arrow_that_leads_out_of_its_buffers(tmp_path: Path) -> None:
    """Its offsets were believed, and the process died."""
    whole = arrow()[0]
    first = np.array([0, *np.cumsum([len(text.encode()) for text in TEXTS])], np.int32).tobytes()
    assert whole.count(first) == 2
    wrong = np.array([0, 2**30, 2**31 - 1, 5], np.int32).tobytes()
    refused(lambda: _scored(put(tmp_path, "r.arrow", whole.replace(first, wrong))), "kan ikke leses")


def test_a_column_whose_name_is_no_utf8(tmp_path: Path) -> None:
    whole = arrow()[1]
    name = "spørsmål".encode()
    path = put(tmp_path, "r.arrow", whole.replace(name, name.replace(b"\xc3", b"\xff", 1)))
    refused(lambda: _scored(path), "kan ikke leses")


def test_a_bad_row_of_another_encoding_prints_no_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unraised: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", unraised.append)
    path = put(tmp_path, "r.csv", b"id,text\n1,ja\n2,\xe5,x\n")
    assert run(["score", str(path), "--out", str(tmp_path / "ut.csv")]) == 2
    assert "Traceback" not in capfd.readouterr().err
    assert unraised == []


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(b'{"text": "' + b"a" * (40 << 20), 1)
    path = put(
        tmp_path, "r.jsonl.gz", packed if len(packed) % 2 == 0 else gzip.compress(b'{"text": "' + b"a" * (40 << 20), 9)
    )
    refused(lambda: _scored(path), "en linje er over 16 MB")


def test_a_damaged_stream_gives_back_its_room(tmp_path: Path) -> None:
    path = put(tmp_path, "r.jsonl.gz", gzip.compress(b'{"text": "ja"}\n' * 99, mtime=0)[:-12])

    def taken() -> int:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")

    for tried in range(130):
        with contextlib.suppress(DataError):
            _scored(path)
        if tried == 29:
            before = taken()
    assert taken() - before < 50 << 20


def test_lines_with_a_key_each_are_no_table(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({f"k{i}": 1, "text": "x"}) for i in range(4000))
    path = put(tmp_path, "r.jsonl", lines + " " * (len(lines) % 2))  # of an even size is what `_scored` does not skip
    refused(lambda: _scored(path), "4001 ulike nøkler")


def test_json_in_thousands_of_levels_is_no_fault_of_the_page(tmp_path: Path) -> None:
    page = Page(tmp_path)
    for body in (b'{"a":' * 5000, b"[" * 5000):
        answer = page.client.post(
            f"/{TOKEN}/memo",
            data=body,
            content_type="application/json",
            headers={"Host": HOST, "Origin": f"http://{HOST}"},
        )
        assert answer.status_code == 400


@pytest.mark.parametrize("about", ["turn/²/1", "coding/²", "transcript/" + "1" * 5000])
def test_a_memo_about_what_is_no_number(about: str, tmp_path: Path) -> None:
    answer = Page(tmp_path).client.post(
        f"/{TOKEN}/memo",
        json={"about": about, "text": "x"},
        headers={"Host": HOST, "Origin": f"http://{HOST}"},
    )
    assert answer.status_code in (400, 409)
