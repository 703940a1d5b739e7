"""All memos of the coder in one place: by what they are about, found by words, written, and given to the coder as a file."""

from flask import Blueprint, Response, abort, request, url_for

from autokode.base.formatting import shortened
from autokode.base.messages import say
from autokode.exchange.memo_files import headings, memos_csv, memos_docx, memos_markdown
from autokode.project.store.memo_rows import KINDS, memos_of
from autokode.project.views.memo_list import about_said, with_words
from autokode.review.answers import done, render, request_body, session, text_in
from autokode.review.searches import Asked

blueprint = Blueprint("memos", __name__)

SHOWN = 300
"""Most code points of a quote."""

FILES = {
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@blueprint.get("/memos")
def overview() -> str:
    """Show the memos: all, those of a kind, or those that the search with the sign in the address finds."""
    own = session()
    sign = request.args.get("s", "")
    asked = own.searches.asked(sign)
    every = memos_of(own.project, own.coder)
    found = with_words(every, asked.text) if asked else every
    kind = request.args.get("kind", "")
    shown = [memo for memo in found if kind not in KINDS or memo.kind == kind]
    return render(
        "memos.html",
        own,
        sign=sign if asked else "",
        text=asked.text if asked else "",
        forgotten=bool(sign) and asked is None,
        kind=kind,
        kinds=[(name, shown_as, sum(memo.kind == name for memo in found)) for name, shown_as in headings().items()],
        memos=[(memo, about_said(memo), shortened(memo.quote, SHOWN)) for memo in shown],
        whole=len(every),
        texts={memo.about: memo.text for memo in every},
        sources=own.project.sources,
    )


@blueprint.post("/memos/find")
def find() -> Response:
    """Keep a search among the memos, and lead to what it finds."""
    own = session()
    asked = Asked(text_in(request_body(), "text", empty=True).strip())
    return done(own, go=url_for(".overview", s=own.searches.keep(asked)) if asked.text else url_for(".overview"))


@blueprint.get("/memos/file.<any(csv, md, docx):ending>")
def file(ending: str) -> Response:
    """All of the coder's memos as a file."""
    own = session()
    memos = memos_of(own.project, own.coder)
    if not memos:
        abort(404)
    title = say(f"Notatene til {own.coder.name}", f"The memos of {own.coder.name}")
    made = {
        "csv": lambda: memos_csv(memos),
        "md": lambda: memos_markdown(memos, title),
        "docx": lambda: memos_docx(memos, title),
    }
    data = made[ending]()
    name = say("notater", "memos")
    return Response(
        data, mimetype=FILES[ending], headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    )
