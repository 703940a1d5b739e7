"""REFI-QDA (.qdpx, .qdc): names of the elements, reader and writer.

Imports `exchange.package`, `corpus.readers` and `base`.
"""

from autokode.base.extras import require

require("office")
