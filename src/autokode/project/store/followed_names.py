"""Follows the names of codes through changes made in codebook.yaml by hand, where the rows of the project keep the old ones.

`code_names` follows the renames that the log holds.
"""

from collections.abc import Iterable

from autokode.corpus.code_renames import likely_renames
from autokode.corpus.codebook import Codebook
from autokode.project.store.code_names import now_called
from autokode.project.store.decision_rows import codes_used
from autokode.project.store.project import Project


def names_in(project: Project, codebook: Codebook | None = None, codes: Iterable[str] | None = None) -> dict[str, str]:
    """Code that a codebook lacks → the name that it has there, as far as that can be told.

    Args:
        project: whose versions of the codebook tell it.
        codebook: one of these versions; the newest if None.
        codes: names; those of everything that the project uses if None.
    """
    wanted = codebook or project.codebook
    known = {code.name for code in wanted}
    lacking = [code for code in (codes_used(project) if codes is None else codes) if code not in known]
    if not lacking:
        return {}
    versions = project.codebooks(until=wanted)
    found = {code: _followed(code, versions) for code in lacking}
    return {code: name for code, name in found.items() if name in known}


def names_of_model(project: Project, codes: Iterable[str]) -> dict[str, str]:
    """Code of a model that may be of an earlier time → its name in the project now; a name that is used now is taken as it is."""
    own = list(codes)
    known, since = {code.name for code in project.codebook}, project.names_since()
    recorded = {code: code if code in known else now_called(code, since) for code in own}
    by_hand = names_in(project, codes=recorded.values())
    return {code: by_hand.get(name, name) for code, name in recorded.items()}


def _followed(code: str, versions: list[Codebook]) -> str:
    """The name in the last version of a code of an earlier one: step by step, or else from the last that has it; "" if none."""
    last = max((i for i, version in enumerate(versions) if code in version), default=None)
    if last is None:
        return ""
    name = code
    for before, after in zip(versions[last:], versions[last + 1 :], strict=False):
        name = name if name in after else likely_renames(before, after).get(name, "")
    return name or likely_renames(versions[last], versions[-1]).get(code, "")
