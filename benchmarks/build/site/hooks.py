"""Hooks of MkDocs: the site is made of the repository's own files, where they lie.

Pages written for the site alone are in docs/site/pages. All else is added here under its path in the repository, so that the
links between documents hold in both places, and nothing is copied by hand: documents, the guide, pictures, notebooks.
"""

import fnmatch
import functools
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from benchmarks import ROOT
from benchmarks.build.site import notebooks

_FOLDERS = ("", "docs/", "docs/decisions/", "docs/notebooks/", "docs/veileder/*/", "models/", "training_data/")
_NOTEBOOK = re.compile(r"(\]\((?:[\w./]*/)?\d-[\w-]+)\.py")
_LINK = re.compile(r"\]\(([^)\s#]+)[^)]*\)")


def documents() -> list[str]:
    """Paths of the repository's Markdown documents, from its root."""
    return [path.relative_to(ROOT).as_posix() for folder in _FOLDERS for path in sorted(ROOT.glob(f"{folder}*.md"))]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the documents that a pattern in the navigation stands for in its place."""
    own = {path.relative_to(config.docs_dir).as_posix() for path in Path(config.docs_dir).rglob("*.md")}
    known = sorted(
        own | set(documents()) | {f"docs/notebooks/{path.stem}.md" for path in notebooks.FOLDER.glob("*.py")}
    )
    named = set(_paths(config.nav))
    config.nav = [_expanded(item, known, named) for item in config.nav or []]
    return config


def _paths(item: Any) -> list[str]:
    if isinstance(item, str):
        return [item]
    parts = item.values() if isinstance(item, dict) else item
    return [path for part in parts for path in _paths(part)]


def _expanded(item: Any, known: list[str], named: set[str]) -> Any:
    """An item of the navigation with each pattern replaced by the known paths it fits that are not named elsewhere."""
    if isinstance(item, dict):
        return {title: _expanded(part, known, named) for title, part in item.items()}
    if not isinstance(item, list):
        return item
    found: list[Any] = []
    for part in item:
        if isinstance(part, str) and "*" in part:
            fits = [path for path in known if fnmatch.fnmatch(path, part) and path.count("/") == part.count("/")]
            found += [path for path in fits if path not in named]
        else:
            found.append(_expanded(part, known, named))
    return found


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the repository's documents, what they show and link to, and the notebooks."""
    for name in documents():
        file = File.generated(config, name, abs_src_path=str(ROOT / name))
        if name == "README.md":  # index.html is the site's own first page
            file.dest_uri = "README.html"
        files.append(file)
        for link in _LINK.findall((ROOT / name).read_text(encoding="utf-8")):
            target = (ROOT / name).parent / link
            inside = Path(os.path.normpath(target)).relative_to(ROOT).as_posix() if target.is_file() else ""
            if inside and not inside.endswith((".md", ".py")) and files.get_file_from_path(inside) is None:
                files.append(File.generated(config, inside, abs_src_path=str(ROOT / inside)))
    icon = ROOT / "src" / "autokode" / "review" / "static" / "icon.svg"
    files.append(File.generated(config, "assets/icon.svg", abs_src_path=str(icon)))
    for name, page in run_notebooks().items():
        folder = "docs/notebooks/"
        files.append(File.generated(config, f"{folder}{name}.md", content=page.markdown))
        files.append(File.generated(config, f"{folder}{name}.ipynb", content=page.notebook))
        for picture, content in page.pictures.items():
            files.append(File.generated(config, folder + picture, content=content))
    return files


@functools.cache
def run_notebooks() -> dict[str, notebooks.Page]:
    """Every notebook run, by name. Two at a time: each is a process of its own."""
    paths = sorted(notebooks.FOLDER.glob("*.py"))
    with ThreadPoolExecutor(2) as pool:
        return {
            path.stem: notebooks.page_of(run, path.stem)
            for path, run in zip(paths, pool.map(notebooks.executed, paths), strict=True)
        }


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Show the beginning of the README where a page asks for it, and lists as GitHub does."""
    if "<!-- README: " in markdown:
        whole = (ROOT / "README.md").read_text(encoding="utf-8")
        found = re.search(r"\A# [^\n]+\n+(.+?)\n+(!\[[^\n]+)\n", whole, re.DOTALL)
        if found is None:
            raise PluginError("README.md: expected a heading, what autokode is, and a picture")
        markdown = markdown.replace("<!-- README: words -->", found[1]).replace("<!-- README: picture -->", found[2])
    return _with_lines_before_lists(_NOTEBOOK.sub(r"\1.md", markdown))


def _with_lines_before_lists(markdown: str) -> str:
    """An empty line before each list that follows a paragraph directly: Python-Markdown needs one, GitHub does not."""
    return re.sub(r"(?m)^((?![*\-|<>#\d ])[^\n]+)\n(?=\* |\d+\. )", r"\1\n\n", markdown)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Say the language of the Norwegian guide, for those who hear it."""
    if page.file.src_uri.startswith("docs/veileder/nb/"):
        return output.replace('<html lang="en"', '<html lang="nb"', 1)
    return output
