# %% [markdown]
# # Reading the evaluation
#
# How well are codes suggested for interviews the model never saw? `evaluate` holds out one
# interview at a time, learns from all others, codes the one held out, and compares with what
# people coded. This notebook reads the result figure by figure: what each says, and what it does
# not.
#
# The study is six of the invented example interviews. All figures below are theirs. Yours will
# differ, and real interviews are harder than invented ones.

# %%
import matplotlib.pyplot as plt
import pandas as pd

from autokode import evaluate, read_study

names = [
    "kontor_a",
    "kontor_b",
    "kontor_c",
    "kontor_d",
    "kontor_e",
    "kontor_h",
]
study = read_study("training_data", names=names)
found = evaluate(study)
f"{len(found.interviews)} interviews held out in turn, {found.texts} answers"

# %% [markdown]
# Why whole interviews? Answers of one interview share words, people and topics. If some of them
# are learnt from and others tested on, the model looks better than it will be on the next
# interview, the one you have not coded.
#
# ## One number, with its interval
#
# *Average precision* (AP) looks at the order alone. Rank all answers by the probability of a code.
# Walk down the list, and at each answer that people gave the code to, note the share of right ones
# so far. AP is the mean of these shares: 1 if all that have the code come first. The *macro* AP is
# the mean over codes, so a rare code counts as much as a common one.

# %%
low, high = found.interval
f"macro average precision {found.macro_average_precision:.2f} (95 %: {low:.2f} to {high:.2f})"

# %% [markdown]
# The interval is a bootstrap over interviews: interviews are drawn with replacement, and the
# figure is computed anew each time. It says how much the figure would move with other interviews
# *of this kind*. It does not cover another topic, another guide, or other coders. With six
# interviews it is rough, and it need not lie evenly around the figure.
#
# ## Beside the plainest baseline
#
# A figure alone says little. Whoever ranks answers blindly gets an AP of the share of answers that
# have the code. That is the baseline.

# %%
table = pd.DataFrame(
    {
        "answers": [one.texts for one in found.codes],
        "AP": [one.average_precision for one in found.codes],
        "blind": [one.texts / found.texts for one in found.codes],
        "precision": [one.precision for one in found.codes],
        "recall": [one.recall for one in found.codes],
    },
    index=[one.name for one in found.codes],
    dtype=float,
).astype({"answers": int})
table.sort_values("AP", ascending=False).round(2)

# %% [markdown]
# Read a row so: of the answers for which the code was suggested, *precision* is the share that
# people gave it to; of the answers that people gave it to, *recall* (coverage) is the share for
# which it was suggested. A missing precision means that the code was never suggested. A code with
# a handful of answers has figures that rest on single answers: do not compare it with others.
#
# Precision is about *these coders'* codes. Where two people disagree, nobody can be right all the
# time; see [Agreement](5-agreement.py) for how far people themselves get.

# %% alt="Average precision of each code beside that of a blind ranking; every code lies well above its baseline"
ranked = table.dropna(subset=["AP"]).sort_values("AP")
figure, axes = plt.subplots(
    figsize=(7, 0.26 * len(ranked) + 0.8), layout="constrained"
)
axes.hlines(
    ranked.index,
    ranked["blind"],
    ranked["AP"],
    color="#b9c2d0",
    linewidth=1.5,
)
axes.plot(
    ranked["AP"],
    ranked.index,
    "o",
    color="#2f5d8c",
    label="autokode, interview held out",
)
axes.plot(
    ranked["blind"],
    ranked.index,
    "|",
    color="#b3541e",
    markersize=9,
    label="blind ranking",
)
axes.set(xlim=(0, 1.02), xlabel="average precision")
axes.tick_params(axis="y", labelsize=8)
axes.legend(loc="lower right", frameon=False)
for side in ("top", "right"):
    axes.spines[side].set_visible(False)
plt.show()

# %% [markdown]
# ## Promised and achieved
#
# `suggest(…, precision=0.8)` promises that 80 of 100 suggestions are right. The evaluation shows
# what came of it on interviews that had no part in setting the limits. Codes with too few examples
# make no promise yet, and are left out.

# %%
pd.DataFrame(
    [
        {
            "promise": f"{one.kind} {one.promised:.2f}",
            "suggested": one.shown,
            "right": one.right,
            "achieved": one.achieved,
            "95 %": "–"
            if one.interval is None
            else "{:.2f} to {:.2f}".format(*one.interval),
            "cannot promise yet": len(one.not_yet),
        }
        for one in found.promises
    ]
).round(2)

# %% [markdown]
# A promise is kept *on the whole*, not in each interview and not for each code. This interval
# counts suggestions as if they were independent, so it is somewhat narrow.
#
# ## Is 70 % seventy of a hundred?
#
# A probability is calibrated if, of all predictions near 0.7, about 70 in 100 are right. The
# points should lie on the line; the size shows how many predictions there are. Most are near 0,
# because most answers lack most codes.

# %% alt="Share of predictions that coders gave against their mean probability; the points follow the diagonal"
figure, axes = plt.subplots(figsize=(4.6, 4.2), layout="constrained")
axes.plot([0, 1], [0, 1], color="#b9c2d0", linewidth=1)
for one in found.reliability:
    axes.scatter(
        one.probability,
        one.coded,
        s=12 + one.predictions**0.5 * 3,
        color="#2f5d8c",
        alpha=0.8,
    )
axes.set(
    xlabel="mean probability in the bin",
    ylabel="share that coders gave",
    xlim=(0, 1),
    ylim=(0, 1),
)
for side in ("top", "right"):
    axes.spines[side].set_visible(False)
plt.show()

# %%
f"calibration error {found.calibration_error:.3f}: so far from the line the probabilities are on average"

# %% [markdown]
# ## Is it worth coding more?
#
# A curve estimates what eight more examples of a code would bring. It is drawn through few points;
# take it as an order in which to code, not as a forecast.

# %%
pd.DataFrame(
    [
        {
            "code": one.code,
            "examples": one.examples,
            "AP": one.average_precision,
            "with 8 more": one.with_more(),
        }
        for one in found.curves
    ]
).assign(gain=lambda frame: frame["with 8 more"] - frame["AP"]).sort_values(
    "gain", ascending=False
).head(6).round(2)

# %% [markdown]
# ## All of it
#
# The result shows itself as a table, and `to_pandas`, `to_polars`, `to_arrow` and `to_csv` give it to
# whatever you work in.

# %%
found.to_pandas().tail(3)

# %% [markdown]
# ## What it does not say
#
# * Whether the *codes* are good. A model can follow a poor codebook well.
# * How it goes in another study. Another guide means other questions, and questions carry much.
# * What a person would have changed. Suggestions are decided on by people, and this compares
#   without them.
# * Anything about one interview or one informant.
#
# On the command line: `autokode evaluate FOLDER`. How autokode does on studies whose writers never
# saw it, beside other systems: [Quality](../quality.md).
