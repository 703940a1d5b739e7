"""Builds the site of documents.

    python -m benchmarks.build.site [FOLDER]     into dist/site, or FOLDER; a warning is an error

The notebooks are run: `AUTOKODE_NOTEBOOK_TEXTS=20000` makes the one of a million texts smaller. Nothing is fetched.
"""

import os
import sys
from pathlib import Path

from benchmarks import ROOT
from benchmarks.build.site import links


def main(folder: Path) -> int:
    """Build and check the site; the number of things that are wrong."""
    os.environ["DISABLE_MKDOCS_2_WARNING"] = "true"  # an advertisement in yellow, no warning about the site
    from mkdocs.__main__ import cli

    if folder.exists() and any(folder.iterdir()) and not (folder / "objects.inv").exists():
        print(f"{folder} holds something other than a site, which MkDocs would delete; name another", file=sys.stderr)
        return 1
    words = ["build", "--strict", "--config-file", str(ROOT / "mkdocs.yml"), "--site-dir", str(folder)]
    cli(words, standalone_mode=False)
    found = links.check(folder.resolve())
    for line in found.wrong:
        print(line, file=sys.stderr)
    (folder / "outside.txt").write_text("\n".join(sorted(found.outside)) + "\n", encoding="utf-8")
    print(f"{found.pages} pages, {found.links} links inside, all but {len(found.wrong)} right; {folder / 'index.html'}")
    print(f"{len(found.outside)} links to other hosts, not fetched: {folder / 'outside.txt'}")
    return len(found.wrong)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist" / "site") > 0)
