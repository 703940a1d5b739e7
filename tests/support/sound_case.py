"""Recordings made for tests: tones in a WAVE file, and an invented interview with times that goes with them."""

import math
import struct
import wave
from pathlib import Path

from autokode import Codebook
from autokode.corpus.transcript import Transcript, read_transcript
from autokode.project import Project

RATE = 8000

TALK = """WEBVTT

00:00:00.500 --> 00:00:02.000
<v Ida>Hvor lenge har dere drevet gartneriet?

00:00:02.000 --> 00:00:05.000
<v Per>I tolv år, siden foreldrene mine sluttet.

00:00:06.000 --> 00:00:08.000
<v Ida>Hva dyrker dere mest av nå?

00:00:08.000 --> 00:00:11.500
<v Per>Tomater, og litt agurk om sommeren.
"""
"""An invented interview, with times."""


def recording(path: Path, seconds: float = 12.0, tone: int = 440) -> Path:
    """Write a recording of one tone."""
    frames = [round(9000 * math.sin(2 * math.pi * tone * i / RATE)) for i in range(round(seconds * RATE))]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(frames)}h", *frames))
    return path


def talk(folder: Path, name: str = "gartneriet") -> tuple[Transcript, Path]:
    """Write the invented interview, and read it."""
    path = folder / f"{name}.vtt"
    path.write_text(TALK, encoding="utf-8")
    return read_transcript(path), path


def talk_project(folder: Path) -> Project:
    """A project of the invented interview, beside its file in the folder."""
    made = Project.create(folder / "p", Codebook.from_yaml("koder:\n  - navn: drift\n"))
    transcript, path = talk(folder)
    made.add(transcript, file=path)
    return made
