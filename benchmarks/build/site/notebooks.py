"""Runs the notebooks of docs/notebooks, and writes what they gave as a notebook with outputs and as Markdown for the site.

A notebook's source is a Python file in the percent format, which jupytext reads and JupyterLab opens: small in a diff, and
checked by ruff. Outputs are made when the site is built, and nowhere kept.
"""

import base64
import os
import re
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

from benchmarks import ROOT

FOLDER = ROOT / "docs" / "notebooks"
LONGEST = 600
"""Seconds that one cell may take."""


@dataclass(frozen=True)
class Page:
    """A notebook that was run: its Markdown, the notebook with outputs as JSON, and its pictures by file name."""

    markdown: str
    notebook: str
    pictures: dict[str, bytes]


def executed(path: Path) -> Any:
    """Run a notebook in the root of the source; a cell that raises an error ends it with nbclient's CellExecutionError."""
    notebook = jupytext.read(path)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata.pop("jupytext", None)
    with tempfile.TemporaryDirectory(prefix="autokode-notebook-") as own, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the messaging under Jupyter; what a notebook warns of is in its outputs
        sockets = {"transport": "ipc", "connection_file": f"{own}/kernel.json"}  # files of the user's own, not ports
        client = NotebookClient(
            notebook, timeout=LONGEST, resources={"metadata": {"path": ROOT}}, config=Config(KernelManager=sockets)
        )
        client.execute(env={**os.environ, "IPYTHONDIR": own, "AUTOKODE_LANG": "en"})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # the time of day: the same notebook is the same bytes
    return notebook


def page_of(notebook: Any, name: str) -> Page:
    """A notebook with outputs as a page.

    Args:
        notebook: as nbformat has it.
        name: its file's name without the ending; pictures are called by it.
    """
    pictures: dict[str, bytes] = {}
    blocks = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            blocks.append(cell.source)
        elif cell.cell_type == "code" and cell.source:
            blocks.append(_fenced("python", cell.source))
            blocks += [_output(one, cell.metadata.get("alt", ""), f"{name}-", pictures) for one in cell.outputs]
    download = f'[Download this notebook]({name}.ipynb){{ .md-button download="{name}.ipynb" }}'
    return Page("\n\n".join([*blocks, download]) + "\n", nbformat.writes(notebook), pictures)


def _output(output: Any, alt: str, prefix: str, pictures: dict[str, bytes]) -> str:
    if output.output_type == "stream":
        return _fenced("text", _plain(output.text), "output")
    data = output.data
    if "image/png" in data:
        if not alt:
            raise ValueError(f'{prefix}: a picture without words for those who do not see it; write # %% alt="…"')
        file = f"{prefix}{len(pictures) + 1}.png"
        pictures[file] = base64.b64decode(data["image/png"])
        return f"![{alt}]({file}){{ .output }}"
    if "text/html" in data:
        html = re.sub(r"<style scoped>.*?</style>", "", data["text/html"], flags=re.DOTALL)
        html = html.replace(' border="1"', "").replace(' style="text-align: right;"', "")
        lines = "\n".join(line.strip() for line in html.splitlines() if line.strip())
        return f'<div class="output" tabindex="0">\n{lines}\n</div>'
    return _fenced("text", data["text/plain"], "output")


def _plain(text: str) -> str:
    """What was written to the screen, without the number of the process that stands in a warning's path."""
    return re.sub(r"\S*[/\\]ipykernel_\d+[/\\]\d+\.py", "notebook", text).rstrip()


def _fenced(language: str, text: str, kind: str = "") -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence} {{ .{language} {'.' + kind if kind else ''} }}\n{text}\n{fence}"
