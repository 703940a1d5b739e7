"""What people do on the page, by kind: each asks what the page's script would ask, and says what must have come of it."""

from collections.abc import Callable
from typing import Any

from sequence_kinds import kind
from sequence_state import Changes, Key, Row, applied, back, fit, must, place_of, twice
from sequence_window import Answer, Item, Turn, Window, written
from sequence_world import Own, World

# codings


@kind("code", 1, 8, "a span is given a code, again where it has it")
def _code(world: World) -> Any:
    window = world.window()
    turns, codes = window.answers, window.codes
    if not turns or not codes:
        return False
    turn, code = world.picked(turns), world.picked(codes)
    start, end = _span(world, turn)
    same = [one for one in window.codings if one.start == start and one.end == end]
    body = {"start": start, "end": end, "code": code}
    coder, place = world.state.coder(window.coder), (window.transcript, start, end, code)
    there = [row for row in world.state.rows("coding", coder=coder) if place_of(row)[1:] == place]
    answer, made = world.sent(window, f"code/{window.transcript}", body)
    if not answer.taken:
        return _refused_because(world, window, answer, code)
    if there:
        confirmed = [pair for pair in made.values() if all(pair) and {**pair[0], "time": ""} == {**pair[1], "time": ""}]
        must(len(confirmed) == len(made) <= 1, "no coding is there twice", (body, same, made))
        return world.decided(window, made) if made else True
    _one_new_coding(world, window, made, place)
    return world.decided(window, made)


@kind("remove", 1, 6, "a coding is removed, in a window that may be out of date")
def _remove(world: World) -> Any:
    return _alter(world, "remove", lambda _window, _item: {})


@kind("recode", 1, 7, "a coding gets another code, perhaps one that stands there already")
def _recode(world: World) -> Any:
    return _alter(world, "recode", lambda window, _item: {"code": world.choose.choice(window.codes)})


@kind("span", 1, 6, "a coding is moved, perhaps onto another one")
def _move(world: World) -> Any:
    def to(window: Window, item: Item) -> dict[str, Any]:
        turn = next(turn for turn in window.turns.values() if item in turn.codings)
        start, end = _span(world, turn)
        return {"start": start, "end": end}

    return _alter(world, "span", to)


@kind("good", 1, 5, "a coding is marked as a good quote, or no longer")
def _good(world: World) -> Any:
    return _alter(world, "good", lambda _window, _item: {})


def _alter(world: World, said: str, more: Callable[[Window, Item], dict[str, Any]]) -> Any:
    window = world.window()
    if not window.codings:
        return False
    item = world.picked(window.codings)
    body = {"said": said, "saw": item.saw, **more(window, item)}
    row = world.state.coding(item.id)
    is_shown = row is not None and [row["start"], row["end"], row["code"]] == item.saw
    before = world.state
    answer, made = world.sent(window, f"coding/{item.id}", body)
    if not answer.taken:
        if is_shown:
            return _refused_because(world, window, answer, body.get("code"))
        return None
    must(is_shown and row, "a window out of date touches no other coding", (body, item, row, made))
    assert row is not None
    wanted = None if said == "remove" else {**row, **{n: body[n] for n in ("start", "end", "code") if n in body}}
    if said == "good":
        wanted = {**row, "good": 1 - row["good"]}
    _one_changed(world, made, row, wanted, before.facts)
    return world.decided(window, made)


def _one_changed(world: World, made: Changes, row: Row, wanted: Row | None, before: dict[Key, Row]) -> None:
    """A coding is as wanted, or one with its equal; the rest is as it was, but for verdicts of the same suggestion."""
    after = applied(before, made)
    touched = {key for key in made if key[0] == "coding"}
    equal = next((one for one in before.values() if wanted and _is_equal(one, wanted)), None)
    law = "a change of a coding changes that one"
    if equal is None:
        must(touched <= {("coding", row["id"])}, law, made)
        must(after.get(("coding", row["id"])) == wanted, law, (wanted, made))
    else:
        must(touched <= {("coding", row["id"]), ("coding", equal["id"])}, law, made)
        left = [one for one in (after.get(("coding", n)) for n in (row["id"], equal["id"])) if one]
        must(len(left) == 1, "of two equal codings one is left", (row, equal, made))
        must(left[0]["good"] == max(row["good"], equal["good"]), "the mark of a good quote stays", made)
        about = [f"coding/{n}" for n in (row["id"], equal["id"])]
        texts = [one["text"] for one in before.values() if one.get("about") in about and one["coder"] == row["coder"]]
        kept = "".join(one["text"] for one in after.values() if one.get("about") == f"coding/{left[0]['id']}")
        must(all(text in kept for text in texts), "no memo's text is lost", (texts, kept))
    for key, (old, new) in made.items():
        if key[0] == "verdict":
            must(old and new and (old["said"], new["said"]) == ("accepted", "rejected"), law, (key, old, new))
            must(old and old["suggestion"] == row["suggestion"], law, (key, old))
        else:
            must(key[0] == "coding" or (key[0] == "memo" and equal is not None), law, (key, old, new))


def _is_equal(one: Row, wanted: Row) -> bool:
    return "good" in one and one["id"] != wanted["id"] and place_of(one) == place_of(wanted)


def _one_new_coding(world: World, window: Window, made: Changes, place: tuple[Any, ...], *, least: int = 1) -> None:
    new = [new for key, (old, new) in made.items() if key[0] == "coding" and old is None and new]
    must(len(new) in {least, 1}, "what is confirmed is on disk", (place, made))
    for row in new:
        must(place_of(row) == (world.state.coder(window.coder), *place), "what is confirmed is on disk", (place, made))
        must(row["id"] not in world.model.given, "no number is given again", row)


def _refused_because(world: World, window: Window, answer: Answer, code: str | None) -> None:
    """A refusal has a reason that the window could not know: the file, the codebook, or somebody else's work."""
    reasons = (
        not world.is_known(window) or window.stopped,
        code is not None and code not in world.codable(),
        window.transcript not in world.state.texts,
    )
    must(any(reasons), "nothing is refused without a reason", written(answer.said))


def _span(world: World, turn: Turn) -> tuple[int, int]:
    """All of an utterance, or one of few parts of it, so that places meet."""
    cut = world.choose.choice((0, 0, 0, 4, 9))
    return turn.start + cut * world.choose.randrange(2), turn.end - (cut and 3)


# suggestions


@kind("accept", 1, 7, "a suggestion is accepted, in a window that may be out of date")
def _accept(world: World) -> Any:
    return _judge(world, "accept")


@kind("reject", 1, 5, "a suggestion is rejected")
def _reject(world: World) -> Any:
    return _judge(world, "reject")


@kind("change", 1, 5, "another code is given than the suggested one")
def _change(world: World) -> Any:
    return _judge(world, "change")


@kind("accept after all", 1, 4, "a rejected suggestion is accepted after all")
def _after_all(world: World) -> Any:
    window = world.window()
    rejected = [(turn, *one) for turn in window.turns.values() for one in turn.rejected]
    if not rejected:
        return False
    turn, number, sees = world.picked(rejected)
    shows = [item.id for item in turn.codings]
    return _judged(world, window, number, {"said": "accept", "saw": sees, "shows": shows})


def _judge(world: World, said: str) -> Any:
    window = world.window()
    if not window.cards:
        return False
    turn, card = world.picked(window.cards)
    body: dict[str, Any] = {"said": said, "saw": ""}
    if said == "change" and window.codes:
        body["code"] = world.choose.choice(window.codes)
    if said != "reject" and world.choose.random() < 0.3:
        body["start"], body["end"] = _span(world, turn)
    return _judged(world, window, card.id, body)


def _judged(world: World, window: Window, number: int, body: dict[str, Any]) -> Any:
    before, coder = world.state, world.state.coder(window.coder)
    own = before.suggestions.get(number)
    key = own and ("verdict", coder, own["transcript"], own["utterance"], own["code"])
    verdict = before.facts.get(key) if key else None
    shown = {item.id for item in window.codings}
    answer, made = world.sent(window, f"suggestion/{number}", body)
    is_as_shown = own is not None and (verdict["said"] if verdict else "") == body["saw"]
    given = [row["id"] for row in before.rows("coding", coder=coder, suggestion=number)]
    if not answer.taken:
        if not is_as_shown or {*given} - shown:
            return None
        return _refused_because(world, window, answer, body.get("code", own and own["code"]))
    must(own and own["owner"] == coder and key, "nobody decides for somebody else", (number, own))
    assert own is not None
    said = "accept" if body.get("code") == own["code"] else body["said"]
    wanted = {"accept": "accepted", "reject": "rejected", "change": "changed"}[said]
    now = world.state.facts.get(key)  # type: ignore[arg-type] - it was found
    must(now is not None and now["said"] == wanted, "what is confirmed is on disk", (body, verdict, now))
    gone = [old for k, (old, new) in made.items() if k[0] == "coding" and old and not new]
    must(all(row["id"] in shown for row in gone), "a window out of date touches no other coding", (body, verdict, gone))
    if said != "reject" and made:
        place = (
            own["transcript"],
            body.get("start", own["start"]),
            body.get("end", own["end"]),
            body.get("code", own["code"]),
        )
        _one_new_coding(world, window, made, place, least=0)
        there = [row for row in world.state.rows("coding", coder=coder) if place_of(row)[1:] == place]
        must(there, "what is confirmed is on disk", (body, made))
    strange = [k for k in made if k != key and k[0] != "coding"]
    must(not strange, "a verdict changes its suggestion alone", (body, strange))
    return world.decided(window, made)


@kind("same", 1, 2, "several suggestions are accepted or rejected at once")
def _same(world: World) -> Any:
    window = world.window()
    if len(window.cards) < 2:
        return False
    cards = world.choose.sample([card for _turn, card in window.cards], 2)
    said = world.choose.choice(("accept", "reject"))
    before, shown = world.state, {item.id for item in window.codings}
    answer, made = world.sent(window, "same", {"suggestions": [card.id for card in cards], "said": said})
    if not answer.taken:
        return None
    coder = world.state.coder(window.coder)
    for card in cards:
        own = before.suggestions[card.id]
        key = ("verdict", coder, own["transcript"], own["utterance"], own["code"])
        now, was = world.state.facts.get(key), before.facts.get(key)
        must(now and (now == was or now["said"] == f"{said}ed"), "what is confirmed is on disk", (said, card, was, now))
    gone = [k[1] for k, (old, new) in made.items() if k[0] == "coding" and old and not new]
    must(set(gone) <= shown, "a window out of date touches no other coding", (said, gone))
    return world.decided(window, made)


# reading and memos


@kind("read", 1, 4, "an answer is marked as read, or as not read")
def _read(world: World) -> Any:
    window = world.window()
    if not window.answers:
        return False
    turn = world.picked(window.answers)
    body = {"read": not turn.read, "seen": [card.id for card in turn.cards]}
    answer, made = world.sent(window, f"read/{window.transcript}/{turn.number}", body)
    if not answer.taken:
        return _refused_because(world, window, answer, None)
    key = ("done", world.state.coder(window.coder), window.transcript, turn.number)
    must((key in world.state.facts) == body["read"], "what is confirmed is on disk", (body, made))
    must(set(made) <= {key}, "reading changes nothing else", made)
    return world.decided(window, made)


@kind("memo", 1, 7, "a memo is written, changed or emptied, in a window that may be out of date")
def _memo(world: World) -> Any:
    return _written(world, world.window())


@kind("memo in two windows", 1, 3, "a memo is written in one window and then in the other, which does not show it")
def _memos(world: World) -> Any:
    window, other = world.windows[:2]
    if window.load(transcript := world.picked(sorted(world.state.texts))) != 200 or other.load(transcript) != 200:
        return False
    number = world.choose.randrange(10**6)
    for one in (window, other):
        world.choose.seed(number)  # both write about the same
        _written(world, one)
    return None


def _written(world: World, window: Window) -> Any:
    places = [(f"turn/{window.transcript}/{turn.number}", turn.memo) for turn in window.answers]
    places += [(f"coding/{item.id}", item.memo) for item in window.codings] * 2
    places.append((f"transcript/{window.transcript}", window.memo))
    about, was = world.picked(places)
    world.written += 1
    text = world.choose.choice(("", *[f"Notat {world.written} av {window.name}.\nTo linjer."] * 4))
    coder = world.state.coder(window.coder)
    row = world.state.facts.get(("memo", coder, about))
    stands, is_there = row["text"] if row else "", _is_there(world, window, about)
    answer, made = world.sent(window, "memo", {"about": about, "text": text, "was": was})
    if not answer.taken:
        if "other" in answer.said:
            must(answer.said["other"] == stands, "the other window's memo is shown", (stands, answer.said))
            must(stands not in (was, text), "nothing is refused without a reason", (was, stands))
        elif is_there:
            _refused_because(world, window, answer, None)
        return None
    must(is_there, "a window out of date touches no other coding", about)
    must(stands in (was, text), "no memo's text is lost", (was, stands, text))
    now = world.state.facts.get(("memo", coder, about))
    must((now["text"] if now else "") == text, "what is confirmed is on disk", (text, now))
    must(set(made) <= {("memo", coder, about)}, "a memo changes nothing else", made)
    if about.startswith("transcript/"):
        window.memo = text
    return world.decided(window, made)


def _is_there(world: World, window: Window, about: str) -> bool:
    """Whether what a memo is about is there; a coding is the same one under whatever code and span it has now."""
    row = world.state.coding(int(about.partition("/")[2])) if about.startswith("coding/") else None
    return not about.startswith("coding/") or (row is not None and world.state.coders[row["coder"]] == window.coder)


@kind("memo elsewhere", 1, 2, "a memo on the project or a code")
def _note(world: World) -> Any:
    window = world.window()
    about = world.choose.choice(("project", *(f"code/{code}" for code in window.codes)))
    text = f"Om {about}: {world.choose.randrange(100)}"
    coder = world.state.coder(window.coder)
    row = world.state.facts.get(("memo", coder, about))
    answer, made = world.sent(window, "memo", {"about": about, "text": text, "was": row["text"] if row else ""})
    if not answer.taken:
        return None
    now = world.state.facts.get(("memo", coder, about))
    must(now and now["text"] == text, "what is confirmed is on disk", (text, now))
    return world.decided(window, made)


# undo


@kind("undo", 1, 9, "the coder's last decision is undone; where it no longer fits, it says so and can be skipped")
def _undo(world: World) -> Any:
    return _stepped(world, "undo", world.model.steps, world.model.undone, back)


@kind("redo", 1, 5, "what was undone is done again")
def _redo(world: World) -> Any:
    return _stepped(world, "redo", world.model.undone, world.model.steps, dict)


def _stepped(world: World, way: str, taken: Any, given: Any, turned: Callable[[Changes], Changes]) -> Any:
    window = world.window()
    coder = world.state.coder(window.coder)
    own: list[Own] = taken.setdefault(coder, [])
    for _skips in range(60):
        was_known = world.is_known(window)
        top = turned(own[-1].made) if own else {}
        fits = bool(own) and fit(world.state, top)
        answer, made = world.sent(window, way, _skip(window) if _skips else {})
        if not was_known:
            return None
        if not own and world.model.is_deep:
            if made:  # a decision from before old memos were forgotten, which is known from now on
                given.setdefault(coder, []).append(Own(turned(made)))
            return None
        if not own:
            return must(
                answer.taken and not made, f"{way} stops where there is nothing left", (written(answer.said), made)
            )
        if fits:
            must(answer.taken and made == top, f"{way} walks exactly", (written(answer.said), top, made))
            given.setdefault(coder, []).append(own[-1])
            return world.model.stepped(own.pop(), again=way == "redo")
        must(not answer.taken and not made, f"{way} that no longer fits says so", (written(answer.said), top, made))
        own.pop()
        must(answer.said.get("stuck"), f"{way} that no longer fits can be skipped", written(answer.said))
        window.skip = answer.said["stuck"]
    return None


def _skip(window: Window) -> dict[str, Any]:
    return {"skip": window.skip}


@kind("again", 1, 2, "a page that got no answer sends its decision again")
def _again(world: World) -> Any:
    window = world.choose.choice(world.windows)
    if window.last is None or window.stopped:
        return False
    window.send_again()
    must(not world.made(), "a decision sent twice is made once", window.last)
    return None


# other windows and pages


@kind("load", 1, 6, "a window is loaded again, or shows another interview")
def _load(world: World) -> Any:
    window = world.choose.choice(world.windows)
    transcript = world.picked(sorted(world.state.texts))
    must(window.load(transcript) == 200, "every interview can be shown", transcript)
    _shows_what_is(world, window)


def _shows_what_is(world: World, window: Window) -> None:
    coder = world.state.coder(window.coder)
    there = {
        row["id"]: [row["start"], row["end"], row["code"]]
        for row in world.state.rows("coding", coder=coder, transcript=window.transcript)
    }
    shown = {item.id: item.saw for item in window.codings}
    must(shown == there, "a page loaded anew shows what is on disk", (shown, there))


@kind("hear", 1, 5, "a window asks for news, and fetches what others touched")
def _hear(world: World) -> Any:
    window = world.choose.choice(world.windows)
    if window.stopped or window.transcript not in world.state.texts:
        return False
    answer = window.ask(f"news?round={window.round}&decision={window.decision}")
    if answer.taken:
        for number in answer.said["touched"].get(str(window.transcript), []):
            window.ask(f"turn/{window.transcript}/{number}")
        window.decision = answer.said["state"]["decision"]
    return must(not world.made(), "looking changes nothing", answer.said)


@kind("look", 2, 4, "the other pages are opened")
def _look(world: World) -> Any:
    window = world.choose.choice(world.windows)
    before = world.state.facts
    for path in world.choose.sample(
        ("", "list", "missed", "next", "colours.css", "compare/1", "compare/2", "interview/999"), 3
    ):
        status, text = window.page(path)
        must(status in (200, 302, 404), "every page can be shown", (path, status))
        title = text.partition("<title>")[2].partition("</title>")[0]
        links = " ".join(part.split('"')[0] for part in text.split('href="')[1:])
        named = [name for name in (*world.state.texts.values(), "Kari") if name in title or name in links]
        must(not named, "no name stands in a title or an address", (path, named))
    world.made()
    must(world.state.facts == before and not twice(before), "looking changes nothing", "")


@kind("settle", 1, 4, "two coders settle a difference, perhaps both of them")
def _settle(world: World) -> Any:
    window = world.window()
    coder = world.state.coder(window.coder)
    other = next(iter(sorted(number for number, name in world.state.coders.items() if name != window.coder)), 0)
    turns = window.answers
    codes = sorted(world.codable())
    if not turns or not codes or not other:
        return False
    turn = world.picked(turns)
    given = {code: world.choose.random() < 0.5 for code in world.choose.sample(codes, min(2, len(codes)))}
    window.page(f"compare/{other}")
    answer, made = world.sent(window, f"resolve/{other}/{window.transcript}/{turn.number}", {"given": given})
    if not answer.taken:
        return _refused_because(world, window, answer, None)
    first, second = sorted((coder, other))
    for code, has in given.items():
        row = world.state.facts.get(("resolution", first, second, window.transcript, turn.number, code))
        must(row and bool(row["given"]) == has, "what is confirmed is on disk", (given, row))
    return world.decided(window, made)


@kind("stranger", 2, 3, "a page of somebody else's asks")
def _stranger(world: World) -> Any:
    from review_case import HOST, TOKEN

    window = world.choose.choice(world.windows)
    ways: tuple[tuple[str, dict[str, str]], ...] = (
        (f"http://{HOST}", {"Origin": "http://ond.example"}),
        (f"http://{HOST}", {}),
        ("http://ond.example", {"Origin": "http://ond.example"}),
        (f"http://{HOST}", {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "cross-site"}),
    )
    base, headers = world.choose.choice(ways)
    answer = window.client.post(f"/{TOKEN}/undo", base_url=base, json={}, headers=headers, buffered=True)
    must(answer.status_code in (403, 404), "nobody else decides", (base, headers, answer.status_code))
    must(not world.made(), "nobody else decides", headers)
