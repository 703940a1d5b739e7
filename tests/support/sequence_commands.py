"""What people do by commands and with files, by kind, and what must have come of it."""

import contextlib
import csv
import io
import shutil
from pathlib import Path
from typing import Any

import openpyxl

from autokode.project.store.code_names import now_called
from sequence_kinds import kind
from sequence_state import Changes, Key, Row, State, changes, in_names, must, place_of, state_of, text_of
from sequence_world import Brought, Drawer, Own, World
from trace_case import unpacked

MARKS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with, lest a spreadsheet runs it."""


# out and in again


@kind("write a table", 1, 3, "an Excel workbook with suggestions to decide is written")
def _write_table(world: World) -> Any:
    path = place(world, "xlsx")
    status, said = world.command("export", "--xlsx", str(path), "--suggestions")
    must(status == 0 and not world.made(), "an export changes nothing", said)
    world.drawers.append(Drawer("xlsx", path, world.state, len(world.model.renames)))


@kind("take a table home", 1, 5, "a workbook comes home, decided in, perhaps after other work")
def _take_table(world: World) -> Any:
    drawer = _drawer(world, "xlsx")
    if drawer is None:
        return False
    if not drawer.decided:
        drawer.decided = _fill_in(world, drawer.path)
    before, then = world.state, _open(drawer.then)
    status, said = _taken_in(world, str(drawer.path))
    made = changes(before.facts, world.state.facts)
    if status != 0:
        return must(not made, "what is refused is not on disk", (said, made))
    since = tuple(world.model.renames[drawer.names :])
    allowed: set[Key] = set()
    for asked, decision in drawer.decided.items():
        if asked not in then or asked[1] not in before.texts.values():
            continue
        code, number = now_called(asked[3], since), before.text(asked[1])
        key = ("verdict", before.coder(asked[0]), number, asked[2], code)
        own = [
            row for row in before.rows("coding", coder=key[1], transcript=number, code=code) if _meets(row, then[asked])
        ]
        if key in before.facts or own:
            continue  # it was decided since, with or without the suggestion
        now = world.state.facts.get(key)
        must(now and now["said"] == decision, "what was decided in a table is taken", (asked, decision, now, said))
        allowed.add(key)
    for key, (old, new) in made.items():
        if key[0] == "coding":
            must(old is None and new is not None, "a table reverts no work done since", (key, old, new, said))
            assert new is not None
            must(any(_is_of(new, key) for key in allowed), "a table reverts no work done since", (new, said))
        else:
            must(key in allowed, "a table reverts no work done since", (key, old, new, said))
    return brought(world, made, set())


def _is_of(coding: Row, verdict: Key) -> bool:
    return (coding["coder"], coding["transcript"], coding["code"]) == (verdict[1], verdict[2], verdict[4])


def _meets(coding: Row, suggestion: Row) -> bool:
    return bool(max(coding["start"], suggestion["start"]) < min(coding["end"], suggestion["end"]))


def _open(state: State) -> dict[tuple[Any, ...], Row]:
    """(coder, interview, utterance, code) of every suggestion that waits for a decision → the suggestion."""
    return {
        (state.coders[row["owner"]], state.texts[row["transcript"]], row["utterance"], row["code"]): row
        for row in state.suggestions.values()
        if row["transcript"] in state.texts
        and state.shown.get(row["owner"]) == row["round"]
        and ("verdict", row["owner"], row["transcript"], row["utterance"], row["code"]) not in state.facts
    }


def _fill_in(world: World, path: Path) -> dict[tuple[Any, ...], str]:
    """Decide some suggestions in a workbook, as somebody does in Excel."""
    book, decided = openpyxl.load_workbook(path), {}
    for sheet in book.worksheets:
        heads = [str(cell.value or "").casefold() for cell in sheet[1]]
        at = {name: heads.index(nb) + 1 for name, nb in _HEADS.items() if nb in heads}
        cells = [cell for row in sheet.iter_rows() for cell in row]
        must(not [cell.value for cell in cells if cell.data_type == "f"], "no spreadsheet runs a cell", sheet.title)
        if "decision" not in at:
            continue
        for line in range(2, sheet.max_row + 1):
            said = world.choose.choice(("", "ja", "nei"))
            if said:
                sheet.cell(line, at["decision"]).value = said
                place = (*(sheet.cell(line, at[name]).value for name in ("coder", "transcript", "utterance", "code")),)
                decided[place] = "accepted" if said == "ja" else "rejected"
    book.save(path)
    book.close()
    return decided


_HEADS = {
    "coder": "koder",
    "transcript": "transkripsjon",
    "utterance": "ytring",
    "code": "kode",
    "decision": "avgjørelse",
}


@kind("write a package", 1, 2, "the project is written as .qdpx")
def _write_package(world: World) -> Any:
    path = place(world, "qdpx")
    status, said = world.command("export", "--qdpx", str(path), *_with_memos())
    must(status == 0 and not world.made(), "an export changes nothing", said)
    world.drawers.append(Drawer("qdpx", path, world.state, len(world.model.renames)))


@kind("take a package home", 1, 5, "an own .qdpx is taken into the project it came from, at once or after other work")
def _take_package(world: World) -> Any:
    drawer = _drawer(world, "qdpx")
    if drawer is None:
        return False
    before = world.state
    gone = {*drawer.then.texts.values()} - {*before.texts.values()}
    status, said = _taken_in(world, str(drawer.path))
    made = changes(before.facts, world.state.facts)
    if status != 0:
        return must(not made, "what is refused is not on disk", (said, made))
    if _same_work(drawer.then, before):
        must(not made and before.texts == world.state.texts, "an own package changes nothing at home", (said, made))
    for key, (old, new) in made.items():
        if old is not None and key[0] == "memo":
            must(new and old["text"] in new["text"], "no memo's text is lost", (old, new))
        elif old is not None:
            must(
                new and key[0] == "coding" and new["good"], "an own package reverts no work done since", (key, old, new)
            )
        elif key[0] == "coding" and not gone and len(world.model.renames) == drawer.names:
            must(drawer.then.coding(key[1]) is None, "an own package reverts no work done since", (new, said))
            was = {place_of(row) for row in drawer.then.rows("coding")}
            must(new and place_of(new) not in was, "an own package brings nothing removed back", (new, said))
    return brought(world, made, {*world.state.texts.values()} - {*before.texts.values()})


def _same_work(one: Any, other: Any) -> bool:
    return one.facts == other.facts and one.codebook == other.codebook and one.rest == other.rest


@kind("a copy by package", 1, 2, "the project is written as .qdpx and taken into an empty one: all is equal")
def _copy(world: World) -> Any:
    path, other = place(world, "qdpx"), world.room / "kopi"
    status, said = world.command("export", "--qdpx", str(path), *_with_memos())
    must(status == 0, "a project can be exported", said)
    with contextlib.redirect_stdout(None):
        status, said = world.command("import", str(path), project=other)
    must(status == 0, "an own package can be taken into an empty project", said)
    mine, copy = in_names(world.state), in_names(state_of(other))
    used = {row["code"] for row in (*world.state.facts.values(), *world.state.suggestions.values()) if "code" in row}
    parts = mine.keys() - (
        {"codebook"} if used - world.codable() else set()
    )  # a code without a place gets one in the copy
    for part in sorted(parts):
        must(mine[part] == copy[part], f"a copy by package is equal: {part}", _unlike(mine[part], copy[part]))
    shutil.rmtree(other)
    path.unlink()


def _unlike(one: Any, other: Any) -> Any:
    if isinstance(one, list) and isinstance(other, list):
        return [row for row in one if row not in other], [row for row in other if row not in one]
    return one, other


def _with_memos() -> list[str]:
    return ["--memos", "alle"]


@kind(
    "write other files",
    2,
    1.5,
    "codings go out as CSV, where no spreadsheet runs a cell, and home again; no memo goes along unasked",
)
def _write_csv(world: World) -> Any:
    path = place(world, "csv")
    status, said = world.command("export", "--csv", str(path))
    must(status == 0 and not world.made(), "an export changes nothing", said)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        text = stream.read()
    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in text else ",") for cell in row]
    must(not [cell for cell in cells if cell.startswith(MARKS)], "no spreadsheet runs a cell", cells)
    before = world.state
    _status, said = _taken_in(world, str(path))
    made = changes(before.facts, world.state.facts)
    must(not made, "an own table changes nothing at home", (said, made))
    path.unlink()
    package = place(world, "qdpx")
    world.command("export", "--qdpx", str(package))
    texts = {row["text"].split("\n")[0] for row in world.state.rows("memo")}
    held = b"".join(data for _name, data in unpacked(package.name, package.read_bytes()))
    must(not any(text.encode() in held for text in texts), "no memo goes along unasked", texts)
    package.unlink()


@kind("a slip of a name", 1, 1, "a command is given a coder's name with a slip: it asks, and makes nobody new")
def _slip(world: World) -> Any:
    path, name = place(world, "csv"), world.choose.choice(("anne", "Ane", "BERIT", "Anne ", "Berti"))
    path.write_text("transcript,start,end,quote,code\n", encoding="utf-8")
    before = world.state.coders
    _status, said = world.command(world.choose.choice(("add", "import")), str(path), "--coder", name)
    must(not world.made() and world.state.coders == before, "a slip of a name makes nobody new", (name, said))
    must(name.strip() in before.values() or "mente du" in said, "a slip of a name makes nobody new", (name, said))


@kind("take an import back", 1, 5, "autokode undo: the last import or added interview is taken back whole")
def _take_back(world: World) -> Any:
    from autokode.cli.group import COMMANDS

    if "undo" not in COMMANDS:
        return False
    before, own = world.state, world.model.brought
    status, said = world.command("undo", *_yes("undo"))
    world.made()
    made = changes(before.facts, world.state.facts)
    if not own:
        return must(status != 0 and not made, "there is nothing to take back", (said, made))
    last = own.pop()
    must(status == 0, "an import can be taken back", said)
    stands = {key for key, (old, _new) in last.made.items() if world.state.facts.get(key) != old}
    for key in stands:
        old, new = last.made[key]
        was_changed = before.facts.get(key) != new
        must(key not in made, "what was changed since an import stays", (key, old, new, said))
        must(was_changed or _clash(world, old), "an import is taken back whole", (key, old, new, said))
    must(set(made) <= {*last.made}, "taking an import back touches nothing else", (made, said))
    left = {*world.state.texts.values()} & last.texts
    held = {world.state.texts.get(number, "") for number in map(text_of, world.state.facts.values())}
    must(left == last.texts & held, "an interview stays if somebody worked in it", (left, held, said))
    must(not (stands or left) or "står" in said, "what stays of an import is said", (stands, left, said))
    for stack in (*world.model.steps.values(), *world.model.undone.values()):
        stack[:] = [one for one in stack if one.brought != last.number]
    for number in set(before.texts) - set(world.state.texts):
        world.without(number)
    return None


def _clash(world: World, row: Row | None) -> bool:
    return (
        row is not None and "good" in row and any(place_of(one) == place_of(row) for one in world.state.rows("coding"))
    )


def _taken_in(world: World, path: str, *words: str) -> tuple[int, str]:
    status, said = world.command("import", path, *words, "--coder", "Anne")
    world.made()
    return status, said


def brought(world: World, made: Changes, texts: set[str]) -> None:
    """Note what an import or an added interview changed: it can be taken back whole, and each coder's part on the page."""
    if not made and not texts and world.state.imports <= world.imports:
        return
    world.model.imports += 1
    number = world.model.imports
    world.model.brought.append(Brought(number, made, texts))
    parts: dict[int, Changes] = {}
    for key, (old, new) in made.items():
        row = new or old
        assert row is not None
        parts.setdefault(row.get("coder", row.get("first", 0)), {})[key] = (old, new)
    for coder, part in parts.items():
        world.model.steps.setdefault(coder, []).append(Own(part, number))
        world.model.undone[coder] = []


def place(world: World, ending: str) -> Path:
    world.files += 1
    return world.room / "skuff" / f"{world.files}.{ending}"


def _drawer(world: World, kind: str) -> Drawer | None:
    own = [one for one in world.drawers if one.kind == kind]
    return world.choose.choice(own) if own else None


def _yes(command: str) -> list[str]:
    from importlib import import_module

    params = import_module(f"autokode.cli.{command}").command.params
    return ["--yes"] if any(one.name == "yes" for one in params) else []
