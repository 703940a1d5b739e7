"""A user's program that needs no extra: learn, suggest, explain, measure, save. Takes a study's folder, and one to write in."""

import sys
from pathlib import Path

from autokode import AutoCoder, evaluate, load_model, read_study, read_transcript, suggest
from autokode.suggestion import write_suggestions

folder, out = map(Path, sys.argv[1:])
study = read_study(folder)
learn = study.examples()
coder = AutoCoder().fit(learn.texts, learn.codes, contexts=learn.contexts, groups=learn.groups, codebook=study.codebook)
suggestions = suggest(coder, read_transcript(folder / "kontor_c.vtt"), precision=0.8)
write_suggestions(out / "forslag.csv", suggestions)
coder.save(out / "modell")
model = load_model(out / "modell")
texts = ["Det er jo jeg som sitter på pengene."] * 1000  # as many as the compiled scorer would take
assert (model.predict_proba(texts) == coder.predict_proba(texts[:1])).all()
assert model.explain(texts[0], model.codes_[0])
assert load_model("nav-nb").predict(texts[:1])
assert len(suggestions) and 0 < evaluate(study).macro_average_precision <= 1
