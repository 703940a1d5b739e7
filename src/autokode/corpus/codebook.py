"""The codebook: a tree of codes with their definitions, in a YAML file that a researcher edits."""

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from autokode.base import yaml_files
from autokode.base.errors import DataError, Problem, quoted
from autokode.base.files import write_whole
from autokode.base.formatting import one_line
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.base.notebook import InNotebook, Shown
from autokode.base.text_files import read_text

KEYS = {
    "navn": "name",
    "nummer": "number",
    "definisjon": "definition",
    "brukes_når": "use_when",
    "brukes_ikke_når": "not_when",
    "eksempler": "examples",
    "nøkkelord": "keywords",
    "farge": "colour",
    "kodbar": "codable",
    "koder": "codes",
}
"""Key of a code in a codebook's file, in the order they are written → what else it may be called there."""

_ENGLISH_TOP = {"navn": "name", "språk": "language", "koder": "codes"}
_ONE_EXAMPLE = {"eksempel": "example"}
"""Key of older codebooks, which had one example; read as a list of one."""

_TEXTS = ("definition", "use_when", "not_when")
_LISTS = ("examples", "keywords")
_MAX_PROBLEMS = 1000
T = TypeVar("T", str, int)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Code:
    """A named idea with a definition; a node of the codebook's tree.

    Attributes:
        name: unique in the codebook, with any letters and spaces.
        number: of the question in the interview guide, or None.
        definition, use_when, not_when: texts for coders, people and models alike, or "".
        examples: anchor examples, one or a few sentences each, that have this code.
        keywords: words and phrases that suggest the code.
        colour: "#rrggbb", or "".
        codable: whether a segment can have this code; False for a heading that only gathers other codes.
        codes: the codes under this one.
    """

    name: str
    number: int | None = None
    definition: str = field(default="", repr=False)
    use_when: str = field(default="", repr=False)
    not_when: str = field(default="", repr=False)
    examples: tuple[str, ...] = field(default=(), repr=False)
    keywords: tuple[str, ...] = field(default=(), repr=False)
    colour: str = ""
    codable: bool = True
    codes: tuple["Code", ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that describe the code: its name, definition and `use_when`, its keywords, its anchor examples."""
        own = (self.name.replace("_", " "), self.definition, self.use_when, ", ".join(self.keywords), *self.examples)
        return tuple(text for text in own if text)

    def walk(self) -> Iterator["Code"]:
        """Yield this code and all codes below it, parents first."""
        yield self
        for code in self.codes:
            yield from code.walk()


@dataclass(frozen=True, slots=True)
class Codebook(InNotebook):
    """A tree of codes. `Codebook.read(path)` reads one; iterating gives every code, parents first."""

    name: str
    codes: tuple[Code, ...]
    language: str = "nb"

    def __repr__(self) -> str:
        return f"<Codebook {self.name!r}: {len(self.codes)} at the top, {len(self.codable)} codes to give>"

    def show(self, *, text: bool = False) -> Shown:
        """The tree to look at; definitions, and when to use a code, only where asked for."""

        def rows(codes: tuple[Code, ...], depth: int) -> Iterator[tuple[object, ...]]:
            for code in codes:
                told = (code.definition, code.use_when, code.not_when) if text else ()
                yield (2 * depth * " " + code.name, code.number, "" if code.codable else say("nei", "no"), *told)
                yield from rows(code.codes, depth + 1)

        headings = [say("kode", "code"), say("nummer", "number"), say("kodbar", "codable")]
        more = (
            [say("definisjon", "definition"), say("bruk når", "use when"), say("ikke når", "not when")] if text else []
        )
        return self._shown((*headings, *more), rows(self.codes, 0))

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
        """Names of the codes that segments can have, in the order of the tree."""
        return tuple(code.name for code in self if code.codable)

    @property
    def categories(self) -> dict[str, tuple[str, ...]]:
        """Category (a code at the top of the tree) → the codable codes in it, itself among them if codable."""
        return {category.name: tuple(code.name for code in category.walk() if code.codable) for category in self.codes}

    @property
    def colours(self) -> dict[str, str]:
        """Code → its colour, or that of the nearest code above it; "" where none of them has one."""
        found: dict[str, str] = {}

        def walk(codes: tuple[Code, ...], above: str) -> None:
            for code in codes:
                found[code.name] = code.colour.lower() or above
                walk(code.codes, found[code.name])

        walk(self.codes, "")
        return found

    @property
    def sha256(self) -> str:
        """SHA-256 of the codebook as written by `to_yaml`, in hexadecimal."""
        return sha256_of(self.to_yaml())

    def find(self, written: str) -> str | None:
        """Find the codable code that a person means by a name, in any case or Unicode form, or by a number; None if none."""
        wanted = folded(written)
        return next(
            (code.name for code in self if code.codable and wanted in (folded(code.name), str(code.number))), None
        )

    @classmethod
    def read(cls, path: str | Path) -> "Codebook":
        """Read a codebook file.

        Raises:
            DataError: the file is missing, is not YAML, or has repeated names, unknown keys and the like; lists all problems.
        """
        return cls.from_yaml(read_text(Path(path)), str(path))

    @classmethod
    def from_yaml(cls, text: str, name: str = "codebook", *, may_be_empty: bool = False) -> "Codebook":
        """Build a codebook from YAML text; raises as `read`, naming the file `name`; one without codes may be allowed."""
        data = yaml_files.load_mapping(text, name)
        top, unknown = yaml_files.in_english(data, _ENGLISH_TOP, name)
        reader = _Reader(name)
        reader.problems.extend(unknown)
        codes = reader.codes(top.get("codes"), yaml_files.line_of(data))
        if not codes and not reader.problems and not may_be_empty:
            reader.found(
                1, "har ingen koder; ventet en liste under «koder:»", "no codes; expected a list under «codes:»"
            )
        if reader.problems:
            problems = sorted(reader.problems, key=lambda problem: problem.line or 0)
            raise DataError(problems, try_next=f"autokode codebook {quoted(name)}")
        return cls(str(top.get("name", "")), codes, str(top.get("language", "nb")))

    def write(self, path: str | Path) -> None:
        """Write the codebook as YAML with Norwegian keys; replaces an older file whole or not at all."""
        write_whole(Path(path), self.to_yaml())

    def to_yaml(self) -> str:
        """The codebook as YAML with Norwegian keys."""
        return _yaml_of(self)


def folded(name: str) -> str:
    """A name in the form for comparing: lower case, `_` as a space, composed letters."""
    return one_line(unicodedata.normalize("NFC", name).casefold().replace("_", " "))


@functools.lru_cache(maxsize=16)
def _yaml_of(codebook: Codebook) -> str:
    plain = {"navn": codebook.name, "språk": codebook.language, "koder": [fields_of(code) for code in codebook.codes]}
    return yaml_files.dump(plain)


def fields_of(code: Code) -> dict[str, Any]:
    """A code's fields as they stand in the file, by their Norwegian keys; those that are empty are left out."""
    plain: dict[str, Any] = {}
    for norwegian, english in KEYS.items():
        value = getattr(code, english)
        if english == "codes":
            value = [fields_of(child) for child in value]
        elif english in _LISTS:
            value = list(value)
        elif english == "codable":
            value = None if value else "nei"
        if value not in ("", None, []):
            plain[norwegian] = value
    return plain


class _Reader:
    """Turns loaded YAML into codes and gathers all problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._names: dict[str, int | None] = {}
        self._numbers: dict[int, int | None] = {}

    def found(self, line: int | None, nb: str, en: str) -> None:
        self.problems.append(Problem(say(nb, en), self.file, line))

    def codes(self, nodes: Any, line: int | None, depth: int = 1, above: str = "") -> tuple[Code, ...]:
        if nodes is None:
            return ()
        if not isinstance(nodes, list):
            self.found(line, "ventet en liste med koder («- navn: …»)", "expected a list of codes («- name: …»)")
            return ()
        if depth > yaml_files.MAX_DEPTH or len(self.problems) > _MAX_PROBLEMS:
            self.found(line, f"mer enn {yaml_files.MAX_DEPTH} nivåer", f"more than {yaml_files.MAX_DEPTH} levels")
            return ()
        places = [yaml_files.line_of_item(nodes, i) or line for i in range(len(nodes))]
        codes = [self._code(node, place, depth, above) for node, place in zip(nodes, places, strict=True)]
        return tuple(code for code in codes if code is not None)

    def _code(self, node: Any, line: int | None, depth: int, above: str) -> Code | None:
        if not isinstance(node, dict):
            self.found(line, f"fant «{node}», ventet «navn: …»", f"found «{node}», expected «name: …»")
            return None
        fields, unknown = yaml_files.in_english(node, KEYS | _ONE_EXAMPLE, self.file)
        self.problems.extend(unknown)
        colour = str(fields.get("colour") or "")
        if colour and not _COLOUR.fullmatch(colour):
            self.found(
                line, f"fargen «{colour}»; ventet «#rrggbb» i anførselstegn", f"colour «{colour}»; expected «#rrggbb»"
            )
        codable = yaml_files.truth(fields.get("codable", "ja"))
        if codable is None:
            self.found(line, f"kodbar: «{fields['codable']}»; ventet ja eller nei", "codable: expected yes or no")
        return Code(
            name=self._name(fields.get("name"), line, above),
            number=self._number(fields.get("number"), line),
            **{text: str(fields.get(text) or "").strip() for text in _TEXTS},
            examples=(*self._texts(fields.get("example"), line), *self._texts(fields.get("examples"), line)),
            keywords=self._texts(fields.get("keywords"), line),
            colour=colour,
            codable=codable is not False,
            codes=self.codes(fields.get("codes"), line, depth + 1, str(fields.get("name") or "").strip()),
        )

    def _texts(self, value: Any, line: int | None) -> tuple[str, ...]:
        """Read a list of texts; a single text is a list of one, nothing an empty list."""
        given = value if isinstance(value, list) else [value]
        if any(isinstance(text, dict | list) for text in given):
            self.found(
                line, f"fant «{value}», ventet en liste med tekster", f"found «{value}», expected a list of texts"
            )
            return ()
        return tuple(own for text in given if text is not None and (own := str(text).strip()))

    def _number(self, value: Any, line: int | None) -> int | None:
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.found(line, f"nummer: «{value}»; ventet et helt tall", f"number: «{value}»; expected a whole number")
            return None
        self._once(self._numbers, int(value), line, f"nummeret {value}", f"the number {value}")
        return int(value)

    def _name(self, value: Any, line: int | None, above: str) -> str:
        own = str(value if value is not None else "").strip()
        if not own:
            self.found(line, "en kode uten navn", "a code without a name")
        else:
            apart = f"{own} ({above})" if above else f"{own} 2"
            self._once(self._names, folded(own), line, f"navnet «{own}»", f"the name «{own}»", write=apart)
        return own

    def _once(
        self, before: dict[T, int | None], given: T, line: int | None, nb: str, en: str, *, write: str = ""
    ) -> None:
        """Note the line of a name or number, and a problem if it was used before; `write`: what to write instead."""
        if given in before:
            first = before[given]
            mend = (f"; skriv «{write}»", f"; write «{write}»") if write else ("", "")
            self.found(
                line,
                f"{nb} er brukt to ganger (også på linje {first}){mend[0]}",
                f"{en} is used twice (also on line {first}){mend[1]}",
            )
        before[given] = line
