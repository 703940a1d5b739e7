"""What people do to the codebook, the interviews and the project's file, by kind, and what must have come of it."""

import contextlib
from typing import Any

from filelock import FileLock

from autokode.base.errors import DataError
from autokode.project import Project
from autokode.project.store.integrity import check
from sequence_commands import brought, place
from sequence_kinds import kind
from sequence_state import Changes, Key, Row, changes, is_about, must, place_of, state_of
from sequence_world import NEW_NAMES, RARE, SAID, World, copied_model, suggested
from trace_case import traces

# interviews and codebook


@kind("add", 1, 2, "an interview is added, perhaps one that is there")
def _add(world: World) -> Any:
    name = world.choose.choice(sorted(SAID))
    before = world.state
    there = name in before.texts.values()
    more = ["--pseudonymised"] * world.choose.randrange(2)
    status, said = world.command("add", str(world.texts / f"{name}.txt"), "--office", "Kontor A", *more)
    made = world.made()
    must(status == 0, "an interview can be added", said)
    must(not made, "adding an interview changes nobody's work", made)
    new = {*world.state.texts.values()} - {*before.texts.values()}
    must(new == (set() if there else {name}), "an interview is added once", (name, new))
    brought(world, made, new)


@kind("add codings", 1, 2, "codings.csv is added, with rows that stand already")
def _add_codings(world: World) -> Any:
    before, codes = world.state, sorted(world.codable())
    if not codes:
        return False
    path, lines = place(world, "csv"), ["transcript,start,end,quote,code,coder"]
    wanted = set()
    for _ in range(3):
        (number, start, end, said), code = world.choose.choice(_sentences(world)), world.choose.choice(codes)
        lines.append(",".join(f'"{one}"' for one in (before.texts[number], start, end, said, code, "Berit")))
        wanted.add((before.coder("Berit"), number, start, end, code))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    status, said = world.command("add", str(path), "--partly")
    made = world.made()
    must(status == 0, "codings can be added", said)
    there = {place_of(row) for row in world.state.rows("coding")}
    must(wanted <= there, "what is confirmed is on disk", (wanted, said))
    new = {place_of(new) for _old, new in made.values() if new}
    must(new == wanted - {place_of(row) for row in before.rows("coding")}, "codings added are those of the file", made)
    return brought(world, made, set())


def _sentences(world: World) -> list[tuple[int, int, int, str]]:
    """(interview, start, end, text) of every answer."""
    found = []
    for number, name in sorted(world.state.texts.items()):
        text = (world.texts / f"{name}.txt").read_text(encoding="utf-8")
        found += [(number, text.index(said), text.index(said) + len(said), said) for said in SAID[name]]
    return found


@kind("a blind coder", 1, 1, "somebody codes blind, and is in what is written out and taken in")
def _blind(world: World) -> Any:
    status, said = world.command("coders", "--add", "Cato", "--blind")
    must(status == 0 and not world.made(), "a coder can be added", said)
    number, start, end, said = world.choose.choice(_sentences(world))
    path = place(world, "csv")
    rows = f'transcript,start,end,quote,code,coder\n"{world.state.texts[number]}",{start},{end},"{said}",{{}},Cato\n'
    path.write_text(rows.format(world.choose.choice(sorted(world.codable()) or ["makt"])), encoding="utf-8")
    status, said = world.command("add", str(path), "--partly")
    must("Cato" in world.state.rest["blind"], "who codes blind does so for good", said)
    return brought(world, world.made(), set())


@kind("rename", 1, 4, "a code gets another name, and back again; all that is coded comes along")
def _rename(world: World) -> Any:
    old = world.choose.choice(sorted(world.codable()) or ["makt"])
    new = world.choose.choice((*NEW_NAMES, "makt", "språk"))
    before, remark = world.state, _has_remark(world)
    status, said = (
        world.command("codebook", "--rename", "--", old, new)
        if old.startswith("-") or new.startswith("-")
        else (world.command("codebook", "--rename", old, new))
    )
    made = world.made()
    if status != 0:
        return must(
            not made and before.codebook == world.state.codebook, "what is refused is not on disk", (said, made)
        )
    wanted = {_renamed_key(key, old, new): _renamed(row, old, new) for key, row in before.facts.items()}
    if len(wanted) == len(before.facts):
        must(world.state.facts == wanted, "a rename keeps all that is coded", changes(wanted, world.state.facts))
    must(_has_remark(world) == remark, "comments stay", said)
    return _note_rename(world, old, new)


def _has_remark(world: World) -> bool:
    return "med en merknad som skal stå" in (world.folder / "codebook.yaml").read_text(encoding="utf-8")


def _note_rename(world: World, old: str, new: str) -> None:
    world.model.renames.append((old, new))
    for own in (*world.model.steps.values(), *world.model.undone.values()):
        for one in own:
            one.made = _renamed_changes(one.made, old, new)
    for one in world.model.brought:
        one.made = _renamed_changes(one.made, old, new)


def _renamed_changes(made: Changes, old: str, new: str) -> Changes:
    return {_renamed_key(k, old, new): (_renamed(a, old, new), _renamed(b, old, new)) for k, (a, b) in made.items()}


def _renamed_key(key: Key, old: str, new: str) -> Key:
    if key[0] in ("verdict", "resolution"):
        return (*key[:-1], new if key[-1] == old else key[-1])
    return (*key[:2], f"code/{new}") if key[0] == "memo" and key[2] == f"code/{old}" else key


def _renamed(row: Row | None, old: str, new: str) -> Any:
    if row is None:
        return None
    if row.get("code") == old:
        return {**row, "code": new}
    return {**row, "about": f"code/{new}"} if row.get("about") == f"code/{old}" else row


@kind("rename by hand", 1, 1.5, "a name is changed in codebook.yaml; every command says so, and the codings follow")
def _rename_by_hand(world: World) -> Any:
    old, new = world.choose.choice(sorted(world.codable()) or ["makt"]), world.choose.choice(NEW_NAMES[:3])
    path = world.folder / "codebook.yaml"
    text = path.read_text(encoding="utf-8")
    if new in text or f"navn: {old}\n" not in text:
        return False
    path.write_text(text.replace(f"navn: {old}\n", f"navn: {new}\n"), encoding="utf-8")
    used = {row["code"] for table in ("coding", "verdict", "resolution") for row in world.state.rows(table)}
    for _ in range(2):
        _status, said = world.command("status")
        must(old not in used or f"«{old}»" in said, "a code without a place in the codebook is said", (old, said))
    must(not world.made(), "a name changed by hand changes no coding", old)
    before = world.state
    status, said = world.command("codebook", "--rename", old, new)
    made = world.made()
    if status != 0:
        must(not made and old not in used, "codings follow a name changed by hand", (said, old, new))
        return None
    wanted = {_renamed_key(key, old, new): _renamed(row, old, new) for key, row in before.facts.items()}
    if len(wanted) == len(before.facts):
        must(world.state.facts == wanted, "a rename keeps all that is coded", changes(wanted, world.state.facts))
    return _note_rename(world, old, new)


@kind("break the codebook", 1, 1, "codebook.yaml is broken: every page and command says so until it is mended")
def _broken_book(world: World) -> Any:
    path = world.folder / "codebook.yaml"
    text = path.read_bytes()
    path.write_text("koder:\n  - navn: [\n", encoding="utf-8")
    for _ in range(2):
        for window in world.windows[1:]:
            status, page = window.page("")
            must(
                "Kodeboken kan ikke leses" in page or status == 409,
                "a broken codebook is said each time",
                (status, page[:300]),
            )
        status, said = world.command("status")
        must("codebook.yaml" in said, "a broken codebook is said each time", (status, said))
    must(not world.made(), "a broken codebook changes nothing", "")
    path.write_bytes(text)
    status, page = world.windows[0].page("")
    must("Kodeboken kan ikke leses" not in page, "a mended codebook is used again", page[:300])


@kind("learn", 1, 2, "suggestions are made anew")
def _learn(world: World) -> Any:
    project = Project.open(world.folder)
    name = world.choose.choice(("Anne", "Berit"))
    if name not in {coder.name for coder in project.coders}:
        return False
    with contextlib.suppress(DataError):
        suggested(project, project.coder(name))
    return must(not world.made(), "suggestions change nobody's work", name)


@kind("the dial", 1, 1, "the dial is moved")
def _dial(world: World) -> Any:
    window = world.window()
    answer, made = world.sent(window, "setting", {"precision": world.choose.choice(("usual", "0.6", "0.8", "0.9"))})
    must(not made, "the dial changes nobody's work", (answer.said, made))


# the file


@kind("keep a copy", 1, 3, "a program that synchronises keeps a copy of the file")
def _keep(world: World) -> Any:
    world.kept = ((world.folder / "autokode.db").read_bytes(), copied_model(world.model), world.state)


@kind("put back", 1, 4, "an older file is put back while pages are open: the next decision from one of them is refused")
def _put_back(world: World) -> Any:
    if world.kept is None:
        return False
    data, world.model, _state = world.kept
    world.model = copied_model(world.model)
    path = world.folder / "autokode.db"
    if world.choose.random() < 0.5:
        new = world.folder / ".sync"
        new.write_bytes(data)
        new.chmod(0o600)
        new.replace(path)
    else:
        with path.open("r+b") as stream:
            stream.write(data)
            stream.truncate()
    world.drawers.clear()
    world.command("status")  # takes in codebook.yaml as it is
    world.state = state_of(world.folder)
    must(world.state.facts == _state.facts, "an older file is used as it is", "")
    return None


@kind("missing", 1, 1, "the file is gone for a while: nothing makes it anew")
def _missing(world: World) -> Any:
    path, away = world.folder / "autokode.db", world.room / "borte.db"
    path.rename(away)
    for window in world.windows:
        status, text = window.page("")
        must(status == 409 and "borte" in text, "a missing file is said", (status, text[:300]))
        if window.transcript and not window.stopped:
            answer = window.send("undo", {})
            must(answer.status == 409, "a missing file is said", answer.said)
    status, said = world.command("status")
    must(status == 2, "a missing file is said", said)
    must(not path.exists(), "a missing file is not made anew", "")
    away.rename(path)
    must(not world.made(), "a file that comes back is as it was", "")


# what is to be gone


@kind("remove an interview", 3, 2, "an interview is removed for good: no byte of it is left")
def _remove(world: World) -> Any:
    if len(world.state.texts) < 2:
        return False
    name = world.choose.choice(sorted(world.state.texts.values()))
    number, before = world.state.text(name), world.state
    if world.choose.random() < 0.3:
        with FileLock(world.folder / ".review-prøve.lock", timeout=0):
            status, said = world.command("remove", name, "--yes")
        must(status == 2 and not world.made(), "nothing is removed while a page is open", said)
    status, said = world.command("remove", name, "--yes")
    must(status == 0, "an interview can be removed", said)
    made = world.made()
    gone = world.dead(number)
    wanted = {key: row for key, row in before.facts.items() if not is_about(key, row, number, gone)}
    must(
        world.state.facts == wanted, "a removal takes one interview's work", changes(wanted, world.state.facts) or made
    )
    must(
        not traces(RARE[name], world.folder), "no byte of a removed interview is left", traces(RARE[name], world.folder)
    )
    world.without(number)
    world.rewritten()
    return None


@kind("forget memos", 3, 1, "deleted memos' texts leave the log too: no byte of them is left")
def _forget(world: World) -> Any:
    before = world.state
    stands = {row["text"] for row in before.rows("memo")}
    status, said = world.command("forget-memos", "--yes")
    must(status == 0 and not world.made(), "forgetting old memos keeps those that stand", said)
    old = {
        row["text"]
        for stacks in (world.model.steps, world.model.undone)
        for own in stacks.values()
        for one in own
        for key, pair in one.made.items()
        for row in pair
        if key[0] == "memo" and row is not None
    }
    lost = {text.split("\n")[0] for text in old}
    lost = {line for line in lost if not any(line in one for one in stands)}
    must(not traces(lost, world.folder), "no byte of a forgotten memo is left", traces(lost, world.folder))
    if old - stands:
        world.model.steps, world.model.undone, world.model.is_deep = {}, {}, True
    world.rewritten()


@kind(
    "names out and in", 3, 0.4, "the coded project is pseudonymised where it is, and given its names back with the key"
)
def _names(world: World) -> None:
    before, key = world.state, world.room / "nøkkel.json"
    key.unlink(missing_ok=True)
    marked = {name for name, _office, _hash, is_marked in before.rest["texts"] if is_marked}  # they are left alone
    status, said = world.command("pseudonymise", "--key", str(key), "--yes")
    if len(marked) == len(before.texts):
        must(status == 2 and not world.made(), "what is marked as pseudonymised is left alone", said)
        return
    must(status == 0, "a coded project can be pseudonymised", said)
    world.made()
    must(len(world.state.facts) == len(before.facts), "pseudonymising keeps all that is coded", said)
    names = {"Kari"} - {"Kari" for _ in marked} | {"Solbjørg"} - {word for name in marked for word in RARE[name]}
    must(not traces(names, world.folder), "no byte of a name is left", traces(names, world.folder))
    must(check(world.folder) == [], "the project is sound", check(world.folder))
    status, said = world.command("pseudonymise", "--undo", "--key", str(key))
    must(status == 0, "the key gives the names back", said)
    world.made()
    made = changes(before.facts, world.state.facts)
    must(not made, "the key gives everything back", made)
    must((before.rest, before.texts) == (world.state.rest, world.state.texts), "the key gives everything back", said)
    world.rewritten()


@kind("close the project", 3, 1, "the project is closed for good: of no interview a byte is left")
def _close(world: World) -> Any:
    if world.choose.random() < 0.7:
        return False
    status, said = world.command("close-project", "--yes")
    must(status == 0, "a project can be closed", said)
    words = {word for name in world.state.texts.values() for word in RARE[name]}
    must(not traces(words, world.folder), "no byte of a closed project is left", traces(words, world.folder))
    must(not (world.folder / "autokode.db").exists(), "no byte of a closed project is left", "")
    world.closed = True
    return None
