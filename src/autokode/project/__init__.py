"""A project: interviews, codings, suggestions and every decision, in one SQLite file that survives a kill at any moment.

`store` holds the file and all SQL, `active_learning` makes the next round of suggestions, and `views` prepares what pages and
reports show. This folder passes on the names that other programs use; it imports `store` alone.
"""

from autokode.project.store.coders import Coder
from autokode.project.store.outcomes import Outcome
from autokode.project.store.project import Project
from autokode.project.store.reviewing import Reviewer
from autokode.project.store.transcripts import Source

__all__ = ["Coder", "Outcome", "Project", "Reviewer", "Source"]
