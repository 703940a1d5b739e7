"""Pseudonymise a study: find personal data, show it, replace it, and restore it with a key.

from autokode import norwegian
from autokode.pseudonym import plan, undo, write

found = plan(Path("studie"), norwegian(own=True))
write(found, Path("studie-uten-navn"), Path("nøkkel.json"))

Imports `corpus`, `nlp` and `base`.
"""

from autokode.corpus.edits import Edit, Edits
from autokode.pseudonym.checking import Checked, Left, check
from autokode.pseudonym.finding import find, find_all
from autokode.pseudonym.folder import Written, write
from autokode.pseudonym.key import Key, read_key
from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.listing import read_list, texts_of_list, write_list
from autokode.pseudonym.naming import KEPT, NEUTRAL
from autokode.pseudonym.register import Entity, Register
from autokode.pseudonym.replacement_plan import Plan, Searched, plan
from autokode.pseudonym.restoring import undo
from autokode.pseudonym.rewriting import is_written, rewrite

__all__ = [
    "KEPT",
    "NEUTRAL",
    "Checked",
    "Edit",
    "Edits",
    "Entity",
    "Finding",
    "Key",
    "Kind",
    "Left",
    "Plan",
    "Register",
    "Searched",
    "Written",
    "check",
    "find",
    "find_all",
    "is_written",
    "plan",
    "read_key",
    "read_list",
    "rewrite",
    "texts_of_list",
    "undo",
    "write",
    "write_list",
]
