"""The page on which a person goes through interviews and decides: a server on this machine for this machine alone.

Imports `project` and what lies below it; holds no SQL.
"""

from autokode.base.extras import require

require("review")
