"""Transcripts as their JSON holds them."""

import json

from autokode.corpus.readers import Cue, LeftOut
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import Utterance


def from_json(text: str) -> Transcript:
    """The transcript whose `to_dict` is in a JSON text; its SHA-256 must be that of the text in it."""
    data = json.loads(text)
    sha256 = data.pop("sha256")
    data["utterances"] = tuple(Utterance(**utterance) for utterance in data["utterances"])
    data["cues"] = tuple(Cue(**cue) for cue in data["cues"])
    data["left_out"] = tuple(LeftOut(**part) for part in data["left_out"])
    transcript = Transcript(**{name: tuple(own) if isinstance(own, list) else own for name, own in data.items()})
    assert transcript.sha256 == sha256, "teksten er endret"
    return transcript
