"""Small subtitle files: made of cues, with faults, and what is said in them."""

from pathlib import Path

from hypothesis import strategies as st

from autokode.corpus.transcript import Transcript, read_transcript


def read(folder: Path, content: str, ending: str = ".vtt") -> Transcript:
    path = folder / f"intervju{ending}"
    path.write_bytes(content.encode())
    return read_transcript(path)


def said(transcript: Transcript) -> list[tuple[str, str]]:
    assert all(transcript.text[u.start : u.end] == u.text for u in transcript.utterances)
    return [(u.speaker, u.text) for u in transcript.utterances]


def times(transcript: Transcript) -> list[tuple[float | None, float | None]]:
    return [(u.begin_s, u.end_s) for u in transcript.utterances]


def cue(number: int, words: str, timing: str = "") -> str:
    return f"{number}\n{timing or f'00:00:{number:02}.000 --> 00:00:{number:02}.900'}\n{words}\n\n"


def captions(*shown: str) -> str:
    return "".join(f"00:00:{i:02}.000 --> 00:00:{i + 1:02}.000\n{lines}\n\n" for i, lines in enumerate(shown))


FAULTS = {
    "ends before it begins": ("00:00:09.000 --> 00:00:05.000", (9.0, None), "slutter før de begynner, lest uten slutt"),
    "no milliseconds": ("00:00:09 --> 00:00:10", (9.0, 10.0), "skrevet på uvanlig vis, lest likevel"),
    "one digit": ("00:00:09.5 --> 00:00:10.5", (9.5, 10.5), "uvanlig vis"),
    "four digits": ("00:00:09.5000 --> 00:00:10.2500", (9.5, 10.25), "uvanlig vis"),
    "comma and dot": ("00:00:09,500 --> 00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "colon": ("00:00:09:500 --> 00:00:10:500", (9.5, 10.5), "uvanlig vis"),
    "no padding": ("0:0:9,5 --> 0:0:10,5", (9.5, 10.5), "uvanlig vis"),
    "spaces": ("00: 00: 09, 500 -> 00: 00: 10, 500", (9.5, 10.5), "uvanlig vis"),
    "arrow of one dash": ("00:00:09.500 -> 00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "arrow of a dash": ("00:00:09.500 –> 00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "arrow as an entity": ("00:00:09.500 --&gt; 00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "arrow of its own": ("00:00:09.500 → 00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "no spaces": ("00:00:09.500-->00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "no arrow": ("00:00:09,500 00:00:10,500", (9.5, 10.5), "uvanlig vis"),
    "in brackets": ("[00:00:09.500 --> 00:00:10.500]", (9.5, 10.5), "uvanlig vis"),
    "a letter": (
        "00:00:0x.000 --> 00:00:10.500",
        (None, 10.5),
        "tidslinjer som ikke kan leses, ordene er med uten tid",
    ),
    "cut short": ("00:00:09.500 --> 00:", (9.5, None), "ikke kan leses"),
    "end lost": ("00:00:09.500 -->", (9.5, None), "ikke kan leses"),
    "settings": ("00:00:09.500 --> 00:00:10.500 align:start position:0%,line-left line:-1", (9.5, 10.5), ""),
    "places": ("00:00:09,500 --> 00:00:10,500  X1:100 X2:200 Y1:10 Y2:20", (9.5, 10.5), ""),
    "hours left out": ("00:09.500 --> 00:10.500", (9.5, 10.5), ""),
    "tabs": ("00:00:09.500\t-->\t00:00:10.500", (9.5, 10.5), ""),
}
"""What is wrong → a timing line, the (begin, end) to read from it, and what the note says."""

WORDS = st.text("abcæøåÆØÅ", min_size=1, max_size=6)
LINES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
TIMINGS = st.sampled_from([*(timing for timing, _times, _note in FAULTS.values())])
BETWEEN = st.sampled_from(["\n\n", "\n", "\n\n\n", "\n\nNOTE laget for hånd\n\n", "\n \n"])
TAGS = st.sampled_from(["{}", "<i>{}</i>", "<c>{}</c>", "{{\\an8}}{}", '<font color="red">{}</font>'])


@st.composite
def cue_files(draw: st.DrawFn) -> tuple[str, str, list[tuple[str, str, float | None]]]:
    """An ending, a file with faults, and (speaker, words, begin) of what is said in it."""
    ending = draw(st.sampled_from([".vtt", ".srt"]))
    names = draw(st.sampled_from([(), ("Siv", "Jon"), ("Siv", "Jon", "Åse Lie")]))
    numbered = draw(st.booleans())
    text, spoken = (
        draw(st.sampled_from(["WEBVTT\n\n", "WebVTT\n\n", "\ufeffWEBVTT Tittel\n\n"])) * (ending == ".vtt"),
        [],
    )
    for i in range(draw(st.integers(2, 8))):
        lines = ["nr " + "abcdefgh"[i], *draw(st.lists(LINES, max_size=2))]
        begin, timing = float(20 * i + 20), f"00:{(20 * i + 20) // 60:02}:{(20 * i + 20) % 60:02}.000 --> 00:59:00.000"
        if draw(st.integers(0, 3)) == 0:
            timing = draw(TIMINGS)
            begin = next(times[0] for one, times, _note in FAULTS.values() if one == timing)
        name = names[i % len(names)] if names else ""
        tagged = draw(st.sampled_from(["\n", "\n\n"])).join(draw(TAGS).format(line) for line in lines)
        text += f"{i + 1}\n" * numbered + timing + draw(st.sampled_from(["\n", "\n\n"]))
        text += (
            f"<v {name}>" * bool(name) + tagged + draw(BETWEEN if ending == ".vtt" else st.sampled_from(["\n\n", "\n"]))
        )
        spoken.append((name, " ".join(lines), begin))
    return ending, text, spoken
