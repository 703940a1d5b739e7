"""The list of suggestions and codings, with its filters."""

from flask import Blueprint, request

from autokode.project.store.utterance_rows import speakers
from autokode.project.store.variables import counts_of, having
from autokode.project.views.code_list import PAGE, lines
from autokode.review.answers import render, session

blueprint = Blueprint("suggestions", __name__)


@blueprint.get("/list")
def overview() -> str:
    own = session()
    wanted = own.veil.filter(own.project, request.args)
    page = max(0, request.args.get("page", 0, type=int))
    found, whole = lines(own.project, own.coder, wanted, page=page)
    sources = own.project.sources
    return render(
        "suggestions.html",
        own,
        wanted=wanted,
        lines=found,
        whole=whole,
        page=page,
        pages=-(-whole // PAGE),
        sources=sources,
        speakers=[speaker for speaker in speakers(own.project, surveys=False) if speaker],
        offices=sorted({source.office for source in sources}),
        sign=own.veil.sign,
        choices=counts_of(own.project),
        having=having,
    )
