# %% [markdown]
# # Agreement
#
# Two people coded parts of the example study, each without seeing what the other did. How far do
# they agree, on which codes do they not, and what do the figures allow one to say? The interviews
# are invented; the two codings are two readings of them.

# %%
import csv
from pathlib import Path

import pandas as pd

from autokode import read_codings, read_study
from autokode.agreement import Reading, agreement
from autokode.agreement.meaning import meaning
from autokode.agreement.results import warning

study = read_study("training_data")

# %% [markdown]
# ## What each of them read
#
# An answer without a code counts only if it was *read*: somebody looked and gave no code on
# purpose. So a `Reading` has the codings and the places that were read. Without that, all that
# nobody looked at would count as agreement. The first coder coded the whole study; only what both
# read is compared.

# %%
with Path("training_data/double_coded.csv").open(
    encoding="utf-8", newline=""
) as lines:
    read = frozenset(
        (row["transcript"], int(row["utterance"]))
        for row in csv.DictReader(lines)
    )
readings = [
    Reading(
        name,
        read_codings(
            f"training_data/codings_{file}.csv", transcripts=study.transcripts
        ),
        read,
    )
    for name, file in (("first", "first"), ("second", "second"))
]
{
    one.coder: f"{len(one.codings)} codings in {len(one.read)} answers"
    for one in readings
}

# %% [markdown]
# ## In two sentences

# %%
found = agreement(study.codebook, study.transcripts, readings)
list(meaning(found))

# %% [markdown]
# Alpha (Krippendorff) is 1 for agreement and 0 for what chance would give. For whole sets of codes
# it uses MASI: a set that is a part of the other's counts as close, one that only overlaps as less
# so. 0.8 and 0.667 are Krippendorff's own limits for conclusions and for tentative ones. They are
# a habit of the field, not a law.
#
# ## Code by code
#
# * *agreed* is the share of answers that both treated alike. It is high for every rare code, since
#   most answers lack it: do not report it alone.
# * *kappa* (Cohen) and *alpha* take away what chance would give. They get low, and jumpy, for rare
#   codes.
# * *AC1* (Gwet) is steadier where nearly all answers lack the code.
#
# When kappa and AC1 are far apart the code is rare or given unevenly. Report both, and how often
# each gave the code.


# %%
def shown(figure: object) -> str:
    value, interval = (
        getattr(figure, "value", None),
        getattr(figure, "interval", None),
    )
    if value is None:
        return "–"
    return f"{value:.2f}" + (
        "" if interval is None else " ({:.2f} to {:.2f})".format(*interval)
    )


codes = [row for row in found.rows if row.level == "code"]
table = pd.DataFrame(
    {
        "first": [row.given[0] for row in codes],
        "second": [row.given[1] for row in codes],
        "agreed": [f"{row.agreed.value:.2f}" for row in codes],
        "kappa": [shown(row.kappa) for row in codes],
        "AC1": [shown(row.ac1) for row in codes],
        "alpha": [shown(row.alpha) for row in codes],
    },
    index=[row.name for row in codes],
)
table

# %% [markdown]
# The intervals are 95 % and draw whole interviews, as in the evaluation: answers of one interview
# are alike. A wide interval means that too little was coded twice for this code, whatever the
# figure says.

# %%
sorted({warning(kind) for row in codes for kind in row.warnings})

# %% [markdown]
# All figures, for R or a spreadsheet, are in `found.to_pandas()` and `found.to_csv()`:

# %%
found.to_pandas().tail(2)

# %% [markdown]
# ## Where they differ
#
# A figure does not make a codebook better; reading the differences does. Which codes does one give
# where the other gives another?

# %%
pairs = pd.Series(
    [
        (one or "no code", other or "no code")
        for case in found.disagreements
        for one in (set(case.given[0]) - set(case.given[1]) or {""})
        for other in (set(case.given[1]) - set(case.given[0]) or {""})
    ]
).value_counts()
pd.DataFrame(
    [(*pair, count) for pair, count in pairs.head(8).items()],
    columns=["first gave", "second gave", "answers"],
)

# %% [markdown]
# The first such place, with its text, because we ask for it:

# %%
case = found.disagreements[0]
{
    "transcript": case.transcript,
    "speaker": case.speaker,
    "first": case.given[0],
    "second": case.given[1],
    "quote": case.quote[:160],
}

# %% [markdown]
# ## What it does not say
#
# Agreement is not truth: two people can agree on a misreading. It is about this codebook, these
# coders and these interviews. A model learns from codings, so where people disagree, its
# suggestions cannot be right more often than they agree with each other. On the command line:
# `autokode agreement Anne Berit --project prosjekt`. Every figure has its formula and source in
# [Agreement](../agreement.md).
