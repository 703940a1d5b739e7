"""Lines of a transcript that nobody says: headings, facts about the interview, summaries, what programs write."""

import re
from collections import Counter
from collections.abc import Collection

from autokode.corpus.label_forms import NUMBERED
from autokode.corpus.label_grammars import Line

_PROGRAMS = re.compile(
    r"\W*(?:"
    r".{1,60} (?:startet|stoppet|starta|stoppa|starter|stopper|started|stopped|paused|resumed) "
    r"(?:transkripsjon(?:en)?|transkribering(?:en)?|opptak(?:et)?|(?:the )?transcription|(?:the )?recording)"
    r"|(?:transcription|meeting|møtet|transkripsjonen|transkriberingen|opptaket) "
    r"(?:ended|started|avsluttet|avslutta|sluttet|slutta|startet|starta|ble avsluttet|vart avslutta|ble startet)\b.{0,60}"
    r"|this editable transcript was computer generated.{0,160}"
    r"|den(?:ne|ne redigerbare)? (?:redigerbare )?(?:transkripsjonen|utskriften) (?:er|ble) "
    r"(?:datagenerert|maskin|generert).{0,200}"
    r"|(?:transcribed|transkribert|transcript generated|generated|laget|skrevet ut) (?:by|with|med|av) "
    r"(?:https?:|otter|noscribe|turboscribe|whisper|autotekst|teams|zoom|happy ?scribe|sonix|amberscript|good ?tape|"
    r"atrain).{0,120}"
    r"|transcription for \S.{0,120}"
    r"|audio file: .{1,200}|media: .{1,200}"
    r"|\((?:language|start|stop|speaker detection): .{1,400}"
    r"|(?:slutt|end) (?:på|of|av) (?:the )?(?:transkripsjon(?:en)?|utskrift(?:en)?|opptak(?:et)?|intervju(?:et)?|lydfil(?:en)?|"
    r"transcript|recording|interview|audio)"
    r"|(?:side|page) \d{1,4}(?: ?(?:av|of|/) ?\d{1,4})?"
    r")\W*",
    re.IGNORECASE,
)
_MARKED = re.compile(r"#{1,6} \S.{0,200}")
_PART = re.compile(
    rf"(?:{NUMBERED})\.?(?: ?nr\.?)? ?(?:\d{{1,3}}[a-z]?|[ivx]{{1,5}}|[a-e])(?:\.\d{{1,2}})*\s*"
    rf"(?:[:.–—)-]\s*(?P<title>.{{0,200}})|\Z)",
    re.IGNORECASE,
)
"""«Del 2: Arbeid», «Spørsmål 3», «Tema B – Ledelse»."""
_UNNUMBERED = re.compile(r"(?:tema|del|bolk|topic|section)\s*:\s*(?P<title>\S.{0,80})", re.IGNORECASE)
_FACT = re.compile(r"(?P<key>[^:=\r\n]{1,40}?)\s*(?:[:=]|\t)\s*(?P<value>[^\t]{1,200})")
_KEYS = frozenset(
    "dato date sted stad place tid tidspunkt klokkeslett varighet lengde varigheit duration length alder age kjønn kjenn gender "
    "yrke stilling tittel title profession occupation utdanning utdannelse education arbeidssted arbeidsplass kommune fylke "
    "kontor avdeling organisasjon prosjekt project studie tema fil lydfil filnavn opptak opptaksfil audio media transkribert "
    "transkripsjon transkriberingsdato transcribed intervju intervjunummer intervjunr interview intervjuform id "
    "deltakere deltakarar deltagere "
    "participants tilstede språk language samtykke versjon version sivilstand bosted nasjonalitet bakgrunn erfaring ansiennitet "
    "pseudonym kodenavn kode merknad merknader rolle navn name kontekst".split()
)
"""First words of the facts about an interview that stand above it."""
_ROLE_KEYS = re.compile(
    r"(?:intervjuere?|intervjuar(?:ar)?|interviewers?|intervjuet av|intervjua av|informant(?:er)?|respondent|deltakar|deltaker|"
    r"moderator|forsker|observatør|referent|transkribent|participant)(?P<numbered> (?:nr|id|nummer)\.?)?",
    re.IGNORECASE,
)
_LEGEND = re.compile(
    r"(?:er |is )?(?:intervjuer|intervjuar|interviewer|informant|moderator|forsker|respondent|deltaker)(?:en)?"
    r"(?:[ ]?(?:[,(–-]|\d)[^.?!]{0,60})?",
    re.IGNORECASE,
)
"""Who a label stands for: «I: intervjuer (Kari)»."""
_TRANSCRIPT = re.compile(
    r"\W*(?:.{1,80}[–—:-]\s*)?(?:transcript|transkript|transkripsjon|transkribering|utskrift)\W*", re.IGNORECASE
)
_SUMMARY = re.compile(
    r"\W*(?:(?:meeting )?summary|(?:møte)?sammendrag|samandrag|oppsummering|(?:møte)?referat|notes|notater|details|detaljer|"
    r"action items|handlingspunkter|(?:suggested )?next steps|(?:foreslåtte )?neste steg|outline|summary keywords|"
    r"keywords|key points|"
    r"nøkkelpunkter|oppfølgingsoppgaver)\W*",
    re.IGNORECASE,
)
LONGEST = 500
"""Most characters of a line that are looked at; a heading or a fact is shorter."""
LONGEST_HEAD, MOST_TITLE_WORDS = 100, 12
"""Most characters of a heading of the transcript, most words of a title or of a fact."""
LONGEST_KEY, LONGEST_NAME, MOST_NAMES = 4, 20, 4
"""Most words of a fact's key, most characters of a label that a list at the top explains, most words of a full name."""


def by_programs(text: str, lines: list[Line]) -> set[int]:
    """Find the lines that programs write around the talk."""
    return {n for n, line in enumerate(lines) if _PROGRAMS.fullmatch(_read(text, line))}


def marked_headings(text: str, lines: list[Line]) -> set[int]:
    """Find the headings of Markdown: «# Intervju 3»."""
    return {n for n, line in enumerate(lines) if _MARKED.fullmatch(_read(text, line))}


def facts(text: str, lines: list[Line]) -> set[int]:
    """Find the facts above an interview («Dato: 3. mars», «Intervjuer: Kari Berg») and those below it.

    A line of facts has a known key; or a role or a key that never recurs, in a block of such lines that a blank line ends.
    """
    rows = [_FACT.fullmatch(_read(text, line)) for line in lines]
    recurring = Counter(row["key"].casefold() for row in rows if row)
    sure = [_is_sure(row, recurring) for row in rows]
    found: set[int] = set()
    first = 0
    while first < len(lines):
        last = _block_end(lines, first)
        block = _facts_of_block(rows, sure, recurring, range(first, last), closed=last < len(lines))
        found |= block
        words = sum(len(text[line.start : line.end].split()) for line in lines[first:last])
        if not block and (any(rows[first:last]) or words > 2 * MOST_TITLE_WORDS):
            break
        first = last
    below = len(lines)
    while below and sure[below - 1] and below - 1 not in found:
        below -= 1
    if 0 < below < len(lines) and lines[below].after_blank:
        found |= set(range(below, len(lines)))
    return found


def _block_end(lines: list[Line], first: int) -> int:
    return next((n for n in range(first + 1, len(lines)) if lines[n].after_blank), len(lines))


def _facts_of_block(
    rows: list[re.Match[str] | None], sure: list[bool], recurring: Counter[str], block: range, *, closed: bool
) -> set[int]:
    """The facts of one block; one that no blank line closes may pass into the talk."""
    numbers = [n for n in block if (row := rows[n]) and (sure[n] or _may_be_fact(row, recurring))]
    last_sure = max((n for n in numbers if sure[n]), default=-1)
    unlike = next((n for n in block if rows[n] and n not in numbers), block.stop)
    if last_sure >= 0:
        whole = closed and unlike == block.stop
        return {n for n in numbers if n < unlike and (n < last_sure or sure[n] or whole or _is_full_name(rows[n]))}
    once = [n for n in numbers if (row := rows[n]) and recurring[row["key"].casefold()] == 1]
    return set(once) if closed and unlike == block.stop and 1 < len(once) == len(numbers) else set()


def _is_sure(row: re.Match[str] | None, recurring: Counter[str]) -> bool:
    if row is None:
        return False
    key = row["key"].casefold().strip(" .*-–•")
    role = _ROLE_KEYS.fullmatch(key)
    words = key.split()
    known = bool(words) and words[0].rstrip(".") in _KEYS and len(words) <= LONGEST_KEY
    lettered = re.search(r" (?:\d{1,3}|\w)\Z", key) is not None  # «Kontor A» may be a label
    known = known and not (lettered and recurring[row["key"].casefold()] > 1)
    return (
        known
        or bool(role and role["numbered"])
        or (len(key) <= LONGEST_NAME and _LEGEND.fullmatch(row["value"]) is not None)
    )


def _may_be_fact(row: re.Match[str], recurring: Counter[str]) -> bool:
    value = row["value"].strip()
    short = len(value.split()) <= MOST_TITLE_WORDS and not re.search(r"[.?!…]\Z", value)
    return short and (_ROLE_KEYS.fullmatch(row["key"]) is not None or recurring[row["key"].casefold()] == 1)


def _is_full_name(row: re.Match[str] | None) -> bool:
    words = row["value"].split() if row else []
    named = 1 < len(words) <= MOST_NAMES and all(word[0].isupper() for word in words)
    return named and row is not None and _ROLE_KEYS.fullmatch(row["key"]) is not None


def headings(text: str, lines: list[Line], opened: Collection[int]) -> set[int]:
    """Find the headings of an interview's parts: «Del 2: Arbeid», «Spørsmål 3».

    A heading follows a blank line, or stands directly above somebody's turn and reads like a title; «Del 2: resten.» among the
    words of an answer is none.

    Args:
        opened: numbers of the lines that open a turn.
    """
    found = set()
    for n, line in enumerate(lines):
        said = _read(text, line).strip("*#: ")
        match = _PART.fullmatch(said) or _UNNUMBERED.fullmatch(said)
        if match is None or n in opened:
            continue
        title = match["title"] or ""
        titled = not title or (title[0].isupper() and title[-1] not in ".,;!")
        if len(title.split()) <= 2 * MOST_TITLE_WORDS and titled and (line.after_blank or n + 1 in opened or not n):
            found.add(n)
    return found


def talk_begins(text: str, lines: list[Line], opened: Collection[int]) -> int:
    """The number of the first line below a transcript's own heading («Transkripsjon»), or 0.

    Args:
        opened: numbers of the lines that open a turn; most of them must stand below the heading.
    """
    above = [n for n, line in enumerate(lines) if _is(_TRANSCRIPT, text, line)]
    fitting = [n + 1 for n in above if 2 * sum(1 for one in opened if one > n) > len(opened)]
    return max(fitting, default=0)


def talk_ends(text: str, lines: list[Line], opened: Collection[int], set_off: Collection[int]) -> int:
    """The number of the line that heads a summary below the talk, or the number of lines.

    Args:
        opened: numbers of the lines that open a turn; most of them must stand above the summary.
        set_off: numbers of the lines in bold or stated to be headings.
    """
    for n, line in enumerate(lines):
        if n not in opened and (line.after_blank or n in set_off) and _is(_SUMMARY, text, line):
            above = sum(1 for one in opened if one < n)
            if above and 2 * above >= len(opened):
                return n
    return len(lines)


def _is(pattern: re.Pattern[str], text: str, line: Line) -> bool:
    said = _read(text, line)
    return len(said) <= LONGEST_HEAD and pattern.fullmatch(said) is not None


def _read(text: str, line: Line) -> str:
    """A line's first characters, without white space around them."""
    return text[line.start : min(line.end, line.start + LONGEST)].strip()
