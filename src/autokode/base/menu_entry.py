"""The entry in the system's menu of applications that starts autokode: files of the user's own, made and removed by autokode.

Linux has a .desktop file and an icon, macOS a small .app, and Windows a shortcut that Windows itself writes.
"""

import os
import plistlib
import shutil
import subprocess
import sys
import sysconfig
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autokode.base.errors import failure
from autokode.base.files import write_whole
from autokode.base.messages import say
from autokode.base.resources import icon

NAME = "autokode"
WHAT_NB, WHAT_EN = "Kod intervjuer på norsk", "Code interviews in Norwegian"
START = ("start", "--from-menu")
"""What the entry starts: the page, with errors shown where a person sees them."""


class MenuEntry(ABC):
    """An entry in a menu.

    Attributes:
        files: what it is made of; it is there while the first of them is.
    """

    files: tuple[Path, ...]

    @staticmethod
    def of_this_system() -> "MenuEntry":
        """The entry for the system that autokode runs on."""
        home, given = Path.home(), os.environ
        if sys.platform == "win32":
            return WindowsEntry(Path(given.get("APPDATA") or home / "AppData" / "Roaming"), icon("autokode.ico"))
        if sys.platform == "darwin":
            return MacEntry(home / "Applications", command(), icon("autokode.icns"))
        data = given.get("XDG_DATA_HOME", "")
        place = Path(data) if Path(data).is_absolute() else home / ".local" / "share"
        return LinuxEntry(place, command(), icon("autokode.svg"))

    @abstractmethod
    def install(self) -> None:
        """Make the entry, or make it anew.

        Raises:
            DataError: a file cannot be written.
        """

    def remove(self) -> bool:
        """Remove the entry; whether it was there."""
        was_there = self.files[0].exists()
        for path in self.files:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return was_there


def command() -> tuple[str, ...]:
    """The words that start autokode as it is installed here."""
    own = Path(sysconfig.get_path("scripts")) / NAME
    return (str(own),) if own.is_file() else (sys.executable, "-m", NAME)


@dataclass(frozen=True, slots=True)
class LinuxEntry(MenuEntry):
    """A desktop entry (freedesktop.org), with its icon in the theme that all others fall back on.

    Attributes:
        data: the user's data folder (XDG_DATA_HOME).
        words: the command that starts autokode.
        picture: the icon, as SVG.
    """

    data: Path
    words: tuple[str, ...]
    picture: Path

    @property
    def files(self) -> tuple[Path, ...]:  # type: ignore[override]
        """The entry and its icon."""
        picture = self.data / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"
        return self.data / "applications" / f"{NAME}.desktop", picture

    def install(self) -> None:
        """Write the entry and its icon."""
        entry, picture = self.files
        _write(picture, self.picture.read_bytes(), 0o644)
        _write(entry, self._text().encode(), 0o644)

    def _text(self) -> str:
        exec_line = " ".join(_exec_word(word) for word in (*self.words, *START))
        lines = {
            "Type": "Application",
            "Name": NAME,
            "Comment": WHAT_EN,
            "Comment[nb]": WHAT_NB,
            "Exec": exec_line,
            "TryExec": _value(self.words[0]),
            "Icon": NAME,
            "Terminal": "false",
            "Categories": "Office;",
            "Keywords": "interview;transcript;coding;qualitative;",
            "Keywords[nb]": "intervju;transkripsjon;koding;kvalitativ;",
        }
        return "[Desktop Entry]\n" + "".join(f"{key}={value}\n" for key, value in lines.items())


def _value(text: str) -> str:
    """A text as a value of a desktop entry."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _exec_word(word: str) -> str:
    """A word of an Exec line: quoted for its reader, then written as a value."""
    quoted = "".join(f"\\{letter}" if letter in '"`$\\' else letter for letter in word.replace("%", "%%"))
    return _value(f'"{quoted}"')


@dataclass(frozen=True, slots=True)
class MacEntry(MenuEntry):
    """An application whose program is a line of shell.

    Attributes:
        folder: where it goes, ~/Applications.
        words: the command that starts autokode.
        picture: the icon, as ICNS.
    """

    folder: Path
    words: tuple[str, ...]
    picture: Path

    @property
    def files(self) -> tuple[Path, ...]:  # type: ignore[override]
        """The application."""
        return (self.folder / f"{NAME}.app",)

    def install(self) -> None:
        """Write the application's folder."""
        contents = self.files[0] / "Contents"
        about: Mapping[str, object] = {
            "CFBundleIdentifier": "no.autokode.start",
            "CFBundleName": NAME,
            "CFBundleExecutable": NAME,
            "CFBundleIconFile": f"{NAME}.icns",
            "CFBundlePackageType": "APPL",
            "CFBundleInfoDictionaryVersion": "6.0",
            "CFBundleShortVersionString": "1.0",
            "LSUIElement": True,  # its window is the browser's: no icon in the Dock
        }
        words = " ".join("'" + word.replace("'", "'\\''") + "'" for word in (*self.words, *START))
        _write(contents / "Resources" / f"{NAME}.icns", self.picture.read_bytes(), 0o644)
        _write(contents / "MacOS" / NAME, f"#!/bin/sh\nexec {words}\n".encode(), 0o755)
        _write(contents / "Info.plist", plistlib.dumps(dict(about)), 0o644)


SHORTCUT = """
$ErrorActionPreference = 'Stop'
$link = (New-Object -ComObject WScript.Shell).CreateShortcut($env:AUTOKODE_LINK)
$link.TargetPath = $env:AUTOKODE_TARGET
$link.Arguments = $env:AUTOKODE_ARGUMENTS
$link.IconLocation = $env:AUTOKODE_ICON
$link.Description = $env:AUTOKODE_WHAT
$link.Save()
"""
"""What Windows' own PowerShell does to write a shortcut; names come by the environment, so that none is read as a command."""


@dataclass(frozen=True, slots=True)
class WindowsEntry(MenuEntry):
    """A shortcut in the Start menu. It starts Python without a window of its own (pythonw) where that is there.

    Attributes:
        roaming: the user's folder for programs' data (APPDATA).
        picture: the icon, as ICO.
    """

    roaming: Path
    picture: Path

    @property
    def files(self) -> tuple[Path, ...]:  # type: ignore[override]
        """The shortcut."""
        return (self.roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / f"{NAME}.lnk",)

    def install(self) -> None:
        """Let Windows write the shortcut."""
        link = self.files[0]
        link.parent.mkdir(parents=True, exist_ok=True)
        quiet = Path(sys.executable).with_name("pythonw.exe")
        words = {
            "AUTOKODE_LINK": str(link),
            "AUTOKODE_TARGET": str(quiet if quiet.exists() else sys.executable),
            "AUTOKODE_ARGUMENTS": " ".join(("-m", NAME, *START)),
            "AUTOKODE_ICON": f"{self.picture},0",
            "AUTOKODE_WHAT": say(WHAT_NB, WHAT_EN),
        }
        shell = shutil.which("powershell") or shutil.which("pwsh")
        run = shell and subprocess.run(  # noqa: S603 - Windows' own shell and our own lines
            [shell, "-NoProfile", "-NonInteractive", "-Command", SHORTCUT],
            env={**os.environ, **words},
            capture_output=True,
            check=False,
        )
        if not run or run.returncode or not link.is_file():
            raise failure(
                "snarveien kunne ikke lages: PowerShell mangler eller får ikke lov",
                "the shortcut could not be made: PowerShell is missing or not allowed",
                where=link,
                try_next=say(
                    f"høyreklikk på skrivebordet, Ny snarvei, og skriv: {words['AUTOKODE_TARGET']} {words['AUTOKODE_ARGUMENTS']}",
                    f"right-click the desktop, New shortcut, and type: {words['AUTOKODE_TARGET']} {words['AUTOKODE_ARGUMENTS']}",
                ),
            )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file that programs of the desktop read, too."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise failure(
            f"mappen kan ikke lages ({error.strerror})",
            f"the folder cannot be made ({error.strerror})",
            where=path.parent,
        ) from error
    write_whole(path, content)
    path.chmod(mode)
