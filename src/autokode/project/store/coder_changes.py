"""Add, rename and remove coders, and let them code blind or not."""

from autokode.base.errors import failure, quoted
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.model_coder import is_model, no_person
from autokode.project.store.coders import LONGEST, Coder, as_known, likeliest
from autokode.project.store.decision_log import SIGHTED, decide
from autokode.project.store.project import Project


def name_taken_for(project: Project, name: str) -> str:
    """The coder whose name a new one is so like that it may be a slip; "" if there is none."""
    known = [coder.name for coder in project.coders]
    return "" if as_known(name, known) in known else likeliest(name, known)


def add_coder(project: Project, name: str, *, blind: bool = False) -> Coder:
    """Take in a coder who has not coded yet.

    Raises:
        DataError: the name is empty, or somebody here has it.
    """
    name = _usable(project, name)
    return project.coder(name, blind=blind or None, new=True)


def rename_coder(project: Project, coder: Coder, name: str) -> None:
    """Give a coder another name; what they decided stays theirs.

    Raises:
        DataError: the name is empty, or somebody else here has it.
    """
    project.rename_coder(coder, _usable(project, name, of=coder))


def remove_coder(project: Project, coder: Coder) -> None:
    """Take a coder out of the project.

    Raises:
        DataError: something of theirs is stored.
    """
    if not project.remove_coder(coder):
        raise failure(
            f"«{coder.name}» har bestemt noe i prosjektet, eller fått forslag, og kan ikke fjernes",
            f"«{coder.name}» decided something in the project, or got suggestions, and cannot be removed",
            where=project.folder,
            try_next=f"autokode coders --rename {quoted(coder.name)} NAVN --project {quoted(project.folder)}",
        )


def code_blind(project: Project, coder: Coder, *, blind: bool) -> None:
    """Let a coder code blind from now on, or end that; the log says when somebody who had begun stopped to code blind."""
    with project.database.writing() as connection:
        before = connection.execute("SELECT blind FROM coder WHERE id = ?", (coder.id,)).fetchone()
        if before is None or bool(before["blind"]) == blind:
            return
        connection.execute("UPDATE coder SET blind = ? WHERE id = ?", (int(blind), coder.id))
        begun = connection.execute("SELECT 1 FROM decision WHERE coder = ? LIMIT 1", (coder.id,)).fetchone()
        if begun is not None and not blind:
            decide(connection, coder.id, SIGHTED, [], alone=True)


def _usable(project: Project, name: str, of: Coder | None = None) -> str:
    name = one_line(name)
    if not name:
        raise failure("koderens navn er tomt", "the coder's name is empty", try_next='--add "Kari"')
    if not any(map(str.isalnum, name)) or len(name) > LONGEST or not name.isprintable():
        raise failure(f"skriv et navn på høyst {LONGEST} tegn", f"write a name of at most {LONGEST} characters")
    if is_model(name):
        raise no_person(name)
    others = [coder.name for coder in project.coders if of is None or coder.id != of.id]
    if as_known(name, others) in others:
        raise failure(
            f"«{name}» koder her alt; to kodere kan ikke slås sammen",
            f"«{name}» codes here already; two coders cannot be made one",
            where=project.folder,
            try_next=say("velg et navn som ingen har", "choose a name that nobody has"),
        )
    return name
