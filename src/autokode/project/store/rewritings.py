"""When the words of a whole project were changed: interviews removed or pseudonymised, or names given back."""

from autokode.project.store.decision_log import PSEUDONYMISED, REMOVAL, RESTORED
from autokode.project.store.log_rewriting import Removal, removals
from autokode.project.store.project import Project


def rewritings(project: Project) -> list[Removal]:
    """Every time interviews were taken out of a project, or got other names, in order."""
    return removals(project.database, REMOVAL, PSEUDONYMISED, RESTORED)
