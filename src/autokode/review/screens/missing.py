"""What is missing: what was not read or coded yet, what probably has a code, and what was coded in two ways."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as Answer

from autokode.project.active_learning.coded_utterances import coded_utterances_now
from autokode.project.active_learning.missed_estimate import missed, sampled
from autokode.project.active_learning.query_order import draw_by_chance
from autokode.project.store.coders import NEWCOMER
from autokode.project.views.code_list import PAGE, open_places
from autokode.project.views.coder_comparison import inconsistent
from autokode.project.views.progress import progress
from autokode.review.answers import render, session

blueprint = Blueprint("missing", __name__)


@blueprint.get("/missed")
def overview() -> str:
    """Show what is not read and which codes are not used; `found` comes after."""
    own = session()
    return render("missing.html", own, progress=progress(own.project, own.coder))


@blueprint.get("/missed/found")
def found() -> str:
    """Show what is probably not coded yet, and what says nearly the same and was coded in two ways."""
    own = session()
    utterances = coded_utterances_now(own.project, own.coder)
    estimates = missed(own.project, own.coder, utterances)
    return render(
        "missing_found.html",
        own,
        missed=estimates or sampled(own.project, own.coder, utterances),
        by_model=bool(estimates),
        pairs=inconsistent(utterances, own.likeness)[:PAGE],
        names={source.id: source.name for source in own.project.sources},
    )


@blueprint.get("/missed/next")
def by_chance() -> Answer:
    """Lead to an answer drawn by chance from all that are left, and let those after it be drawn so as well."""
    own = session()
    places = open_places(own.project, own.coder)
    if own.coder.id == NEWCOMER:  # nothing of theirs is stored by reading alone
        place = places[len(places) // 2] if places else None
    else:
        place = draw_by_chance(own.project, own.coder.id, places, own.likely)
    if place is None:
        return redirect(url_for(".overview"))
    return redirect(url_for("pages.interview", transcript=place[0], turn=place[1]))
