"""The entry in the applications menu, by the files it is made of."""

import os
import plistlib
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from autokode.base import menu_entry
from autokode.base.errors import DataError
from autokode.base.menu_entry import LinuxEntry, MacEntry, MenuEntry, WindowsEntry, command
from autokode.base.resources import icon

WORDS = ('/home/åse bjørk/100% "rart" $x`y\\z/autokode',)


def exec_words(line: str) -> list[str]:
    """The words of an Exec line, as the desktop's specification reads it."""
    value = line.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\")
    words, at = [], 0
    while at < len(value):
        assert value[at] == '"'
        word, at = "", at + 1
        while value[at] != '"':
            at += value[at] == "\\"
            word, at = word + value[at], at + 1
        words.append(word.replace("%%", "%"))
        at += 2
    return words


def test_a_linux_entry_starts_what_is_installed(tmp_path: Path) -> None:
    entry = LinuxEntry(tmp_path, WORDS, icon("autokode.svg"))
    assert entry.remove() is False
    for _ in range(2):
        entry.install()
    file, picture = entry.files
    lines = dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines() if "=" in line)
    assert exec_words(lines["Exec"]) == [*WORDS, "start", "--from-menu"]
    assert (lines["Terminal"], lines["Icon"]) == ("false", "autokode")
    assert picture.read_bytes() == icon("autokode.svg").read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    if shutil.which("desktop-file-validate"):
        checked = subprocess.run(["desktop-file-validate", str(file)], capture_output=True, text=True, check=False)  # noqa: S603, S607
        assert (checked.returncode, checked.stdout) == (0, "")
    assert entry.remove() is True
    assert not file.exists()
    assert not picture.exists()


def test_a_mac_entry_is_an_application(tmp_path: Path) -> None:
    entry = MacEntry(tmp_path, ("/Users/åse's mac/autokode",), icon("autokode.icns"))
    entry.install()
    contents = entry.files[0] / "Contents"
    about = plistlib.loads((contents / "Info.plist").read_bytes())
    program = contents / "MacOS" / about["CFBundleExecutable"]
    assert program.stat().st_mode & 0o111
    assert (contents / "Resources" / about["CFBundleIconFile"]).read_bytes()[:4] == b"icns"
    said = program.read_text(encoding="utf-8").replace("exec ", "printf '%s\\n' ")
    ran = subprocess.run(["/bin/sh", "-c", said], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.splitlines() == ["/Users/åse's mac/autokode", "start", "--from-menu"]
    assert entry.remove() is True
    assert not entry.files[0].exists()


POWERSHELL = """#!/bin/sh
printf '%s\\n' "$AUTOKODE_TARGET|$AUTOKODE_ARGUMENTS|$AUTOKODE_ICON|$4" > "$AUTOKODE_LINK"
"""


def test_a_windows_entry_is_written_by_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for PowerShell writes what it was told: names come by the environment, and none is read as a command."""
    tools = tmp_path / "verktøy"
    tools.mkdir()
    (tools / "powershell").write_text(POWERSHELL, encoding="utf-8")
    (tools / "powershell").chmod(0o700)
    (tmp_path / "pythonw.exe").touch()
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}/bin{os.pathsep}/usr/bin")
    monkeypatch.setattr(menu_entry.sys, "executable", str(tmp_path / "python.exe"))
    entry = WindowsEntry(tmp_path / "Åse's Roaming", icon("autokode.ico"))
    entry.install()
    target, arguments, picture, script = entry.files[0].read_text(encoding="utf-8").split("|")
    assert (target, arguments) == (str(tmp_path / "pythonw.exe"), "-m autokode start --from-menu")
    assert Path(picture.removesuffix(",0")).read_bytes()[:4] == b"\0\0\1\0"
    assert "CreateShortcut($env:AUTOKODE_LINK)" in script
    assert "Åse" not in script
    assert entry.remove() is True
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError, match="PowerShell mangler"):
        entry.install()


def test_the_command_is_that_of_this_installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = command()
    assert Path(words[0]).exists()
    monkeypatch.setattr(menu_entry.sysconfig, "get_path", lambda _name: str(tmp_path))
    assert command() == (sys.executable, "-m", "autokode")
    monkeypatch.setattr(menu_entry.sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "relativ")  # the specification: such a value does not count
    own = MenuEntry.of_this_system()
    assert isinstance(own, LinuxEntry)
    assert own.data == Path.home() / ".local" / "share"
