"""The guide, on a project's page."""

from typing import Any

from autokode.review.answers import render, session
from autokode.review.guide_screen import guide_screen


def _shown(**values: Any) -> str:
    return render("guide.html", session(), frame="base.html", **values)


blueprint = guide_screen(_shown)
