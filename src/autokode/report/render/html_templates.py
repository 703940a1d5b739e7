"""The templates of documents as HTML."""

from typing import TYPE_CHECKING

from autokode.base.extras import require
from autokode.base.messages import say

if TYPE_CHECKING:
    from jinja2 import Environment


def html_templates() -> "Environment":
    """Make an environment of Jinja's with the templates of this room: whatever goes in is escaped, and must be there."""
    require("review")
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("autokode.report.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(say=say)
    return environment
