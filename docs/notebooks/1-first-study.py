# %% [markdown]
# # A first study
#
# A study is a folder: a codebook, transcripts, and the segments that people coded by hand. This
# notebook reads the example study, learns from two of its interviews, suggests codes for a third,
# and compares with what was coded there. The interviews are invented; nobody in them exists.
#
# The other way round, from files of your own to suggestions, is in [Own interviews to
# suggestions](2-own-interviews.py).

# %%
import tempfile
from pathlib import Path

import pandas as pd

from autokode import (
    AutoCoder,
    DataError,
    load_model,
    read_study,
    set_language,
    suggest,
)

pd.set_option("display.max_colwidth", None)

# %% [markdown]
# ## What is in it
#
# We read three interviews. What a notebook shows of a study is counts, never text: notebooks are
# saved and passed on, and interviews may not be.

# %%
names = ["kontor_a", "kontor_b", "kontor_c"]
study = read_study("training_data", names=names)
study

# %%
study.transcripts["kontor_a"]

# %% [markdown]
# An *answer* is what anybody but the interviewer says. Models learn from answers, and suggest
# codes for answers only. The question is kept beside the answer, because it says much about the
# code.
#
# The codes form a tree. Categories such as «relasjonsarbeid» gather codes.

# %%
study.codebook

# %% [markdown]
# ## Learn from two interviews
#
# `examples` gives the answers with their codes, the questions (`contexts`) and the interview each
# is from (`groups`). Always pass `groups`: training holds out whole interviews to find out how
# sure it may be, and answers of one interview resemble each other.

# %%
learn = study.examples(["kontor_a", "kontor_b"])
coder = AutoCoder().fit(
    learn.texts,
    learn.codes,
    contexts=learn.contexts,
    groups=learn.groups,
    codebook=study.codebook,
)
learn

# %% [markdown]
# ## Suggest codes for the third
#
# `suggest` returns a sequence of suggestions that is a table too. Each has a probability and its
# evidence, the words that added most. Text is shown because we ask for it here.

# %%
suggestions = suggest(coder, study.transcripts["kontor_c"])
suggestions

# %%
table = suggestions.to_pandas()
table.assign(
    quote=table["quote"].str.slice(0, 70) + " …",
    evidence=table["evidence"].str.join(", "),
)[["speaker", "code", "probability", "evidence", "quote"]].head(8)

# %% [markdown]
# ## Why?
#
# The model is linear, so an explanation is exact: what the words, the question and the starting
# point (*prior*) add sums to the logit, the log odds of the code.

# %%
parts = coder.explain(
    "Det er jo jeg som sitter på pengene, og det vet de.", "makt"
)
pd.DataFrame(parts).set_axis(["token", "start", "end", "adds"], axis=1)[
    ["token", "adds"]
].round(2).T

# %% [markdown]
# And how much of the text does the model know at all? `coverage` is the share of its words of content:
# near 0 for another language, where a probability says little more than how common the code is.

# %%
coder.coverage(
    ["Det er jo jeg som sitter på pengene.", "Näytä minulle kirjasto."]
)

# %% [markdown]
# ## Was it right?
#
# The third interview was coded by people too, and the model did not see that. So we can count: how
# many of the suggestions did people give (*precision*), and how many of the codes that people gave
# were suggested (*recall*)?


# %%
def compared(precision: float | None) -> dict[str, float]:
    truth = study.codes_by_utterance()
    found = [
        one
        for one in suggest(
            coder, study.transcripts["kontor_c"], precision=precision
        )
        if one.level == "code"
    ]
    right = sum(
        one.code in truth.get((one.transcript, one.utterance), ())
        for one in found
    )
    given = sum(
        len(codes) for (name, _), codes in truth.items() if name == "kontor_c"
    )
    return {
        "suggested": len(found),
        "right": right,
        "precision": right / len(found),
        "recall": right / given,
    }


pd.DataFrame(
    [compared(None), compared(0.8)], index=["as usual", "precision=0.8"]
).round(2)

# %% [markdown]
# `precision=0.8` asks for fewer and surer suggestions. The promise is an estimate from the two
# interviews the model learnt from; on one interview with few suggestions the share can land some
# way off it. One interview is one interview: [Reading the evaluation](3-reading-the-evaluation.py)
# does this properly, with an interval.
#
# ## Keep it
#
# A model is a folder of arrays and JSON, never pickle. It gives the same probabilities, to the
# bit, when it is loaded again.

# %%
with tempfile.TemporaryDirectory() as folder:
    coder.save(Path(folder) / "min-modell")
    again = load_model(Path(folder) / "min-modell")
    same = bool(
        (
            again.predict_proba(learn.texts, learn.contexts)
            == coder.predict_proba(learn.texts, learn.contexts)
        ).all()
    )
same

# %% [markdown]
# ## Messages in Norwegian
#
# Messages are English in Python. `set_language` chooses Bokmål or Nynorsk, here for an error:
# there is no such code.

# %%
set_language("nb")
try:
    coder.explain("Vi bygde tillit over tid.", "tillitt")
except DataError as error:
    message = str(error).splitlines()[0]
message

# %%
set_language("en")
