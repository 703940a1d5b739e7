# %% [markdown]
# # A million texts
#
# `score` takes a table of texts and gives a table of codes, both in the Arrow format, which
# pandas, Polars, DuckDB and R read as it is. The probabilities are those of `predict_proba`, to
# the bit. This notebook makes a million texts and codes them.
#
# The texts are made from the invented example interviews: two sentences drawn at random and put
# together. That is enough to measure time and memory. It says nothing about how *right* the codes
# are; for that see [Reading the evaluation](3-reading-the-evaluation.py).

# %%
import os
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from autokode import load_model, read_study, score

count = int(os.environ.get("AUTOKODE_NOTEBOOK_TEXTS", "1_000_000"))

# %% [markdown]
# ## The texts
#
# One in two hundred is null, as in real tables.

# %%
answers = read_study("training_data").examples().texts
sentences = sorted(
    {
        one.strip()
        for text in answers
        for one in text.split(". ")
        if 20 < len(one) < 200
    }
)
draw = np.random.default_rng(7)
halves = [
    pa.array(sentences).take(
        pa.array(draw.integers(0, len(sentences), count))
    )
    for _ in range(2)
]
texts = pc.if_else(
    pa.array(draw.random(count) < 0.005),
    None,
    pc.binary_join_element_wise(*halves, ". "),
)
table = pa.table({"id": pa.array(range(count)), "text": texts})
words = pc.sum(pc.count_substring(texts, " ")).as_py() + count
f"{table.num_rows:,} texts, {words / 1e6:.1f} million words, {table.nbytes / 1e6:.0f} MB"

# %% [markdown]
# ## The first call prepares
#
# The scorer is compiled code and a table of words that fills as it meets them. A small call first
# shows what the large one costs.

# %%
coder = load_model("nav-nb")
begun = time.perf_counter()
score(table.slice(0, 2000), coder)
f"{time.perf_counter() - begun:.1f} seconds"

# %% [markdown]
# ## All of them

# %%
begun = time.perf_counter()
codes = score(table, coder, top=3)
seconds = time.perf_counter() - begun
f"{codes.num_rows:,} texts in {seconds:.1f} seconds: {words / seconds / 1e6:.1f} million words a second"

# %% [markdown]
# These texts share a few thousand sentences, so their words are soon known. Texts with more different
# words are slower; [How fast](../../README.md#how-fast) has figures from eleven million words.
#
# Each row has up to three codes, most probable first. A code is there only where its probability
# reaches the code's own limit, and many texts have none. A null is a text without words: nothing is
# suggested for it.

# %%
codes.slice(0, 5).to_pandas()

# %%
nulls = codes.filter(pc.is_null(texts))
f"{nulls.num_rows:,} nulls; {nulls['code_1'].null_count:,} of them without a code"

# %% [markdown]
# ## Count
#
# Which codes there are how much of, and how sure. These are counts of *suggestions*. They are not
# shares of people, and where the model is less often right, they are off. To report a share, code
# a random sample by hand and give it with its interval ([Is the promise
# kept?](../python.md#is-the-promise-kept)).

# %%
counted = (
    codes.group_by("code_1")
    .aggregate([("probability_1", "count"), ("probability_1", "mean")])
    .to_pandas()
)
counted = counted.dropna().rename(
    columns={
        "probability_1_count": "texts",
        "probability_1_mean": "mean probability",
    }
)
counted.sort_values("texts", ascending=False).head(8).round(2).reset_index(
    drop=True
)

# %% [markdown]
# ## In pieces, and over many machines
#
# The source may be a stream: a `RecordBatchReader` over files that do not fit into memory is read
# batch by batch. From files to files there is the command, which goes on where it was broken off;
# [Very many texts](../scale.md) has shards, Dask, object stores and Spark.
#
#     autokode score tekster.parquet --out koder/ --model nav-nb

# %%
batches = pa.RecordBatchReader.from_batches(
    table.schema, table.slice(0, 10_000).to_batches(max_chunksize=2_000)
)
streamed = score(batches, coder, top=3)
same = codes.slice(0, streamed.num_rows)
bool(pc.all(pc.equal(streamed["probability_1"], same["probability_1"])))
