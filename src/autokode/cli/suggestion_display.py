"""Suggestions as a terminal shows them: utterances with the suggested codes and the words that speak for them."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import INTERVIEWER, Utterance
from autokode.model.suggestion_rule import CATEGORY
from autokode.suggestion import Suggestion

_PLAIN_COLOUR = "#1f6fb2"


def print_utterances(
    out: Console,
    transcript: Transcript,
    suggestions: Sequence[Suggestion],
    codebook: Codebook | None,
    wanted: Sequence[int],
) -> None:
    """Print the utterances `wanted` with the suggested codes, their probabilities and the words that speak for them."""
    by_utterance: dict[int, list[Suggestion]] = {}
    for suggestion in suggestions:
        by_utterance.setdefault(suggestion.utterance, []).append(suggestion)
    for index in wanted:
        utterance = transcript.utterances[index]
        own = by_utterance.get(index, [])
        out.print(_heading(transcript, utterance, index))
        _indented(out, _marked(transcript, utterance, own, codebook, colour=out.is_terminal))
        for suggestion in own:
            _indented(out, _suggestion(suggestion, codebook))
        if not own and utterance.role != INTERVIEWER:
            _indented(out, Text(say("— ingen forslag", "— no suggestion"), style="dim"))
        out.print()


def _heading(transcript: Transcript, utterance: Utterance, index: int) -> Text:
    time = f"  {_clock(utterance.begin_s)}" if utterance.begin_s is not None else ""
    style = "dim" if utterance.role == INTERVIEWER else "bold"
    return Text(f"{utterance.speaker or transcript.name}", style=style).append(f"  #{index + 1}{time}", style="dim")


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _marked(
    transcript: Transcript,
    utterance: Utterance,
    suggestions: Sequence[Suggestion],
    codebook: Codebook | None,
    *,
    colour: bool,
) -> Text:
    """The utterance with each evidence word in its code's colour, or between asterisks without colours."""
    marks: dict[tuple[int, int], tuple[float, str]] = {}
    for suggestion in suggestions:
        for word in suggestion.evidence:
            place = (word.start, word.end)
            if place not in marks or marks[place][0] < word.contribution:
                marks[place] = (word.contribution, suggestion.code)
    text = Text()
    position = utterance.start
    for (start, end), (_share, code) in sorted(marks.items()):
        text.append(transcript.text[position:start])
        marked = transcript.text[start:end] if colour else f"*{transcript.text[start:end]}*"
        text.append(marked, style=f"bold underline {_colour(code, codebook)}")
        position = end
    text.append(transcript.text[position : utterance.end])
    text.plain = text.plain.replace("\r", " ").replace("\n", " ")
    if utterance.role == INTERVIEWER:
        text.stylize("dim italic")
    return text


def _suggestion(suggestion: Suggestion, codebook: Codebook | None) -> Text:
    words = ", ".join(word.word for word in suggestion.evidence)
    question = say("spørsmålet", "the question") if suggestion.question_share > 0.5 else ""
    why = " + ".join(part for part in (words, question) if part)
    line = Text("→ ").append(suggestion.code, style=f"bold {_colour(suggestion.code, codebook)}")
    if suggestion.level == CATEGORY:
        line.append(say(" (kategori)", " (category)"), style="dim")
    return line.append(f"  {suggestion.probability:.0%}").append(f"   {why}", style="dim")


def _colour(code: str, codebook: Codebook | None) -> str:
    return (codebook[code].colour if codebook and code in codebook else "") or _PLAIN_COLOUR


def _indented(out: Console, text: Text) -> None:
    for line in text.wrap(out, max(20, out.width - 4)):
        line.rstrip()
        out.print(Text("    ").append_text(line))
