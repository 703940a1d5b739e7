"""The page's menu: which screens have an entry, in what order."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from autokode.base.messages import say

ENTRIES = (
    ("pages.overview", "Oversikt", "Overview"),
    ("pages.next_turn", "Les", "Read"),
    ("interviews.overview", "Intervjuer", "Interviews"),
    ("codebook.overview", "Kodebok", "Codebook"),
    ("search.overview", "Søk", "Search"),
    ("suggestions.overview", "Forslag", "Suggestions"),
    ("missing.overview", "Hva mangler?", "What is missing?"),
    ("memos.overview", "Notater", "Memos"),
    ("names.overview", "Navn", "Names"),
    ("coders.overview", "Kodere", "Coders"),
    ("report.overview", "Rapport", "Report"),
    ("settings.overview", "Innstillinger", "Settings"),
    ("guide.overview", "Hjelp", "Help"),
)
"""(endpoint, name in Norwegian, name in English) of each entry."""

CODINGS = ("Kodinger", "Codings")
"""What the list of suggestions and codings is called to a coder who gets no suggestions."""

PARTS = {
    "agreement": "coders",
    "proposals": "codebook",
    "rest": "missing",
    "standing": "missing",
    "taking_in": "report",
    "survey": "interviews",
    "variables": "interviews",
}
"""A screen that is part of another one, to the one in whose entry it is shown."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A screen as the menu shows it."""

    name: str
    address: str
    is_here: bool


def menu(filter_address: dict[str, Any], *, blind: bool) -> list[MenuEntry]:
    """The menu's entries; «Les» keeps the filter that the page was opened with, and who codes blind has codings alone."""
    return [
        MenuEntry(
            say(*(CODINGS if blind and endpoint == "suggestions.overview" else (nb, en))),
            url_for(endpoint, **(filter_address if endpoint == "pages.next_turn" else {})),
            _is_here(endpoint),
        )
        for endpoint, nb, en in ENTRIES
    ]


def _is_here(endpoint: str) -> bool:
    """Whether an entry's screen is the one shown: the blueprint «pages» holds several."""
    blueprint, _, _ = endpoint.partition(".")
    return endpoint == request.endpoint or (
        blueprint != "pages" and blueprint == PARTS.get(request.blueprint or "", request.blueprint)
    )
