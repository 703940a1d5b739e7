"""Writes docs/demo.svg, the picture of the demo in the README, by running it."""

import io
import re
import tempfile
from pathlib import Path

from rich.console import Console

from autokode.cli import demo

demo.SHOWN = range(36, 43)
terminal = Console(
    record=True, width=104, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
)
with tempfile.TemporaryDirectory() as folder:
    demo.run_demo(Path(folder), everything=False, display=terminal)
lines = terminal.export_svg(title="autokode demo", unique_id="demo").replace(folder, "autokode-demo")
lines = re.sub(r"@font-face \{.*?\}|<!--.*?-->", "", lines, flags=re.DOTALL)  # no resource from outside
Path(__file__).with_name("demo.svg").write_text(lines, encoding="utf-8")
