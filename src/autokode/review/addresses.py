"""Addresses of the page. Browsers show, keep and share them, so no name of a person, a place or an interview stands in one."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autokode.project import Project
from autokode.project.store.filtered_rows import Filter
from autokode.project.store.utterance_rows import speakers
from autokode.project.store.variables import counts_of, having
from autokode.project.views.code_list import filter_in

NAMED = ("interview", "speaker", "office", "having")
"""The parts of a filter that name somebody or some place."""


class Veil:
    """Signs that stand for names while one server runs, and tell nobody else what they stand for."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def sign(self, name: str) -> str:
        """The sign of a name; "" for ""."""
        return hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()[:16] if name else ""

    def address(self, wanted: Filter) -> dict[str, Any]:
        """What a filter lets through, for an address: signs instead of names."""
        return {name: self.sign(value) if name in NAMED else value for name, value in wanted.given.items()}

    def filter(self, project: Project, given: Mapping[str, str]) -> Filter:
        """Read a filter from an address; what is no sign of a name of the project's is taken as a name that somebody typed."""
        wanted = filter_in(given)
        if not any(getattr(wanted, part) for part in NAMED):
            return wanted
        sources = project.sources
        names = {*speakers(project), *(one.name for one in sources), *(one.office for one in sources)}
        names |= {having(one.id, level) for one, levels in counts_of(project).items() for level in levels}
        known = {self.sign(name): name for name in names}
        return replace(wanted, **{part: known.get(getattr(wanted, part), getattr(wanted, part)) for part in NAMED})
