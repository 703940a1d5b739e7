"""The folders where autokode keeps what is a user's own and belongs to no project: readable by that user alone."""

import os
from pathlib import Path
from typing import Literal

from autokode.base.files import make_folder


def user_folder(kind: Literal["data", "state"]) -> Path:
    """The folder for what lasts ("data") or for what holds while a program runs ("state"), made if it is not there.

    It is the system's own, or one in AUTOKODE_HOME.

    Raises:
        DataError: it cannot be made.
    """
    from platformdirs import user_data_path, user_state_path

    given = os.environ.get("AUTOKODE_HOME")
    system = user_data_path if kind == "data" else user_state_path
    folder = Path(given) / kind if given else system("autokode", appauthor=False)
    make_folder(folder)
    return folder
