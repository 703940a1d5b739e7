"""A small program of somebody who uses autokode."""

import numpy as np

from autokode import (
    AutoCoder,
    Codebook,
    DataError,
    Transcript,
    evaluate,
    load_model,
    read_study,
    read_transcript,
    score,
    set_language,
    suggest,
)

set_language("nb")
study = read_study("training_data")
book: Codebook = study.codebook
own = study.examples(["kontor_a"])
coder = AutoCoder(random_state=1).fit(own.texts, own.codes, contexts=own.contexts, groups=own.groups, codebook=book)
coder.fit(np.array(["a", "b"]), [["x"], []])
names: list[str] = coder.codes_
transcript: Transcript = read_transcript("a.docx")
for one in suggest(coder, transcript, precision=0.8):
    line: str = f"{one.code} {one.probability:.2f}"
    words: list[str] = [word.word for word in one.evidence]
said: list[tuple[str, ...]] = load_model("nav-nb").predict(["tekst"])
share: float = coder.score(["a"], [["x"]])
figure: float = evaluate(study).macro_average_precision
try:
    table = score(["a"], coder, top=2)
except DataError as error:
    told: str = str(error)
