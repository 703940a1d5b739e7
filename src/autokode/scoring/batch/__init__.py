"""Files to files: streams of texts, input and output formats, threads, shards and their manifest.

Imports `scoring.engine`, `model`, `nlp`, `corpus` and `base`.
"""

from autokode.base.extras import require

require("tables")
