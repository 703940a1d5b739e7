"""The codebook: a tree of codes with their definitions, in a YAML file that a researcher edits."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autokode import yamlfile
from autokode.errors import DataError, Problem
from autokode.files import write_whole
from autokode.language import say
from autokode.readers.decode import read_text

_ENGLISH = {
    "navn": "name",
    "nummer": "number",
    "definisjon": "definition",
    "brukes_når": "use_when",
    "brukes_ikke_når": "not_when",
    "eksempel": "example",
    "farge": "colour",
    "kodbar": "codable",
    "koder": "codes",
}
_ENGLISH_TOP = {"navn": "name", "språk": "language", "koder": "codes"}
_TEXTS = ("definition", "use_when", "not_when", "example")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Code:
    """A named idea with a definition; a node of the codebook's tree.

    Attributes:
        name: unique in the codebook; may hold spaces and any letters.
        number: the question's number in the interview guide, or None.
        definition, use_when, not_when, example: texts for the coder (and for a model with few examples), or "".
        colour: "#rrggbb", or "".
        codable: whether segments can be given this code itself; False for a heading that only gathers others.
        codes: the codes under this one.
    """

    name: str
    number: int | None = None
    definition: str = ""
    use_when: str = ""
    not_when: str = ""
    example: str = ""
    colour: str = ""
    codable: bool = True
    codes: tuple["Code", ...] = ()

    def walk(self) -> Iterator["Code"]:
        """Yield this code and all codes below it, parents first."""
        yield self
        for code in self.codes:
            yield from code.walk()


@dataclass(frozen=True, slots=True)
class Codebook:
    """A tree of codes. `Codebook.read(path)` reads one; iterate to meet every code, parents first."""

    name: str
    codes: tuple[Code, ...]
    language: str = "nb"

    def __iter__(self) -> Iterator[Code]:
        for code in self.codes:
            yield from code.walk()

    def __contains__(self, name: object) -> bool:
        return any(code.name == name for code in self)

    def __getitem__(self, name: str) -> Code:
        for code in self:
            if code.name == name:
                return code
        raise KeyError(name)

    @property
    def codable(self) -> tuple[str, ...]:
        """Names of the codes that segments can be given, in the order of the tree."""
        return tuple(code.name for code in self if code.codable)

    @property
    def categories(self) -> dict[str, tuple[str, ...]]:
        """Category (a code at the top of the tree) → the codable codes in it, itself among them if codable."""
        return {category.name: tuple(code.name for code in category.walk() if code.codable) for category in self.codes}

    @property
    def sha256(self) -> str:
        """SHA-256 of the codebook as written by `to_yaml`, in hexadecimal."""
        return hashlib.sha256(self.to_yaml().encode("utf-8")).hexdigest()

    def find(self, written: str) -> str | None:
        """Return the name of the codable code that a person wrote: its name in any case or form, or its number."""
        wanted = _folded(written)
        for code in self:
            if code.codable and wanted in (_folded(code.name), str(code.number)):
                return code.name
        return None

    @classmethod
    def read(cls, path: str | Path) -> "Codebook":
        """Read a codebook file.

        Raises:
            DataError: the file is missing, bad YAML, or has double names, unknown keys and the like: all are named.
        """
        return cls.from_yaml(read_text(Path(path)), str(path))

    @classmethod
    def from_yaml(cls, text: str, name: str = "codebook") -> "Codebook":
        """Build a codebook from YAML text; `name` is the file to name in errors, which are those of `read`."""
        data = yamlfile.load_mapping(text, name)
        top, problems = yamlfile.in_english(data, _ENGLISH_TOP, name)
        lines: dict[str, int | None] = {}
        codes = _codes(top.get("codes"), name, problems, lines, depth=1, line=yamlfile.line_of(data))
        if not codes and not problems:
            what = say(
                "har ingen koder; ventet en liste under «koder:»", "holds no codes; expected a list under «codes:»"
            )
            problems.append(Problem(what, name, 1))
        if problems:
            problems.sort(key=lambda problem: problem.line or 0)
            raise DataError(problems, try_next=f"autokode codebook {name}")
        return cls(str(top.get("name", "")), codes, str(top.get("language", "nb")))

    def write(self, path: str | Path) -> None:
        """Write the codebook as YAML with Norwegian keys; what was there is replaced whole or not at all."""
        write_whole(Path(path), self.to_yaml())

    def to_yaml(self) -> str:
        """Return the codebook as YAML with Norwegian keys."""
        return yamlfile.dump(
            {"navn": self.name, "språk": self.language, "koder": [_plain(code) for code in self.codes]}
        )


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().replace("_", " ").split())


def _plain(code: Code) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for norwegian, english in _ENGLISH.items():
        value = getattr(code, english)
        if english == "codes":
            value = [_plain(child) for child in value]
        elif english == "codable":
            value = None if value else "nei"
        if value not in ("", None, []):
            plain[norwegian] = value
    return plain


def _codes(
    nodes: Any, name: str, problems: list[Problem], lines: dict[str, int | None], *, depth: int, line: int | None
) -> tuple[Code, ...]:
    if nodes is None:
        return ()
    if not isinstance(nodes, list) or depth > yamlfile.MAX_DEPTH:
        what = say("ventet en liste med koder («- navn: …»)", "expected a list of codes («- name: …»)")
        problems.append(Problem(what, name, line))
        return ()
    codes = (_code(node, name, problems, lines, depth=depth, line=line) for node in nodes)
    return tuple(code for code in codes if code is not None)


def _code(
    node: Any, name: str, problems: list[Problem], lines: dict[str, int | None], *, depth: int, line: int | None
) -> Code | None:
    here = yamlfile.line_of(node) or line
    if not isinstance(node, dict):
        what = say(f"fant «{node}», ventet «navn: …»", f"found «{node}», expected «name: …»")
        problems.append(Problem(what, name, here))
        return None
    fields, unknown = yamlfile.in_english(node, _ENGLISH, name)
    problems.extend(unknown)
    own = _name(fields.get("name"), name, problems, lines, here)
    colour = str(fields.get("colour") or "")
    if colour and not _COLOUR.fullmatch(colour):
        what = say(f"fargen «{colour}»; ventet «#rrggbb» i anførselstegn", f"colour «{colour}»; expected «#rrggbb»")
        problems.append(Problem(what, name, here))
    codable = yamlfile.truth(fields.get("codable", "ja"))
    if codable is None:
        what = say(f"kodbar: «{fields['codable']}»; ventet ja eller nei", "codable: expected yes or no")
        problems.append(Problem(what, name, here))
    number = fields.get("number")
    if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
        what = say(f"nummer: «{number}»; ventet et helt tall", f"number: «{number}»; expected a whole number")
        problems.append(Problem(what, name, here))
        number = None
    return Code(
        name=own,
        number=None if number is None else int(number),
        **{text: str(fields.get(text) or "").strip() for text in _TEXTS},
        colour=colour,
        codable=codable is not False,
        codes=_codes(fields.get("codes"), name, problems, lines, depth=depth + 1, line=here),
    )


def _name(value: Any, file: str, problems: list[Problem], lines: dict[str, int | None], here: int | None) -> str:
    own = str(value if value is not None else "").strip()
    if not own:
        problems.append(Problem(say("en kode uten navn", "a code without a name"), file, here))
        return own
    folded = _folded(own)
    if folded in lines:
        what = say(
            f"navnet «{own}» er brukt to ganger (også på linje {lines[folded]})",
            f"the name «{own}» is used twice (also on line {lines[folded]})",
        )
        problems.append(Problem(what, file, here))
    lines[folded] = here
    return own
