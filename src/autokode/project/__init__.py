"""A project: interviews, codings, suggestions and every decision, in one SQLite file that survives a kill at any moment.

`schema` and `database` hold the file, `decisions` the log of what was decided, `project` what was put in, `acting` what a person
does, `learning` what a model makes of it, `likeness` what resembles what, `order` what to read next, `missed` what may be left,
`comparing` two coders, `turns` what a page shows.
"""

from autokode.project.acting import Desk, Outcome
from autokode.project.project import Coder, Project, Source

__all__ = ["Coder", "Desk", "Outcome", "Project", "Source"]
