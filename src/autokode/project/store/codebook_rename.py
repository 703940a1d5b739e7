"""Gives a code or a category another name: in codebook.yaml, and in everything that a project knows of it."""

import difflib

from autokode.base.errors import DataError, failure, quoted
from autokode.base.files import read_bytes, write_whole
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.codebook import Codebook, folded
from autokode.corpus.codebook_edit import renamed_text
from autokode.project.store.code_names import Renamed, rename
from autokode.project.store.decision_rows import codes_suggested, codes_used
from autokode.project.store.project import Project
from autokode.project.store.project_files import CODEBOOK


def rename_code(project: Project, old: str, new: str) -> Renamed:
    """Give a code or a category another name, in the codebook's file too unless somebody has done that already.

    The file as it was stays beside it (codebook.yaml.bak); its comments stay. Back again: the same with the names exchanged.

    Args:
        project: the project.
        old, new: the names.

    Raises:
        DataError: no code has the old name, or another one has the new name.
    """
    new, codebook = one_line(new), project.codebook
    path = project.folder / CODEBOOK
    if not new or old == new:
        raise failure(
            f"«{new}» er ikke et nytt navn",
            f"«{new}» is no new name",
            try_next=f'autokode codebook --rename {quoted(old)} "{say("NYTT NAVN", "NEW NAME")}"',
        )
    if old not in codebook and old not in codes_used(project) and old not in codes_suggested(project):
        raise _unknown(codebook, old, project)
    if old in codebook:
        if any(folded(code.name) == folded(new) for code in codebook if code.name != old):
            raise failure(
                f"både «{old}» og «{new}» er i kodeboken; skal de være én kode, ta først «{old}» ut av den",
                f"both «{old}» and «{new}» are in the codebook; if they are to be one code, take «{old}» out of it first",
                where=path,
                try_next=f"autokode codebook {quoted(path)}",
            )
        text = renamed_text(read_text(path), old, new)
        codebook = Codebook.from_yaml(text, str(path))
        write_whole(path.with_name(f"{CODEBOOK}.bak"), read_bytes(path))
        done = rename(project.database, old, new)
        write_whole(path, text)
        project.use_codebook(codebook)
        return done
    if new not in codebook:
        raise _unknown(codebook, new, project)
    return rename(project.database, old, new)


def _unknown(codebook: Codebook, name: str, project: Project) -> DataError:
    names = [code.name for code in codebook]
    near = difflib.get_close_matches(name, names, n=1)
    hint = say(f"; mente du «{near[0]}»?", f"; did you mean «{near[0]}»?") if near else ""
    path = project.folder / CODEBOOK
    return failure(
        f"ingen kode heter «{name}»{hint}",
        f"no code is called «{name}»{hint}",
        where=path,
        try_next=f"autokode codebook {quoted(path)}",
    )
