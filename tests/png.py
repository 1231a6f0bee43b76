"""Turn Textual's SVG screenshots into PNG without a browser or a network."""

from __future__ import annotations

import re
from pathlib import Path

FONT = "DejaVu Sans Mono"


def write_png(svg: str, path: Path, *, width: int = 1200) -> None:
    """Draw `svg` into `path`, `width` pixels wide.

    The fonts that Textual names are on a web site; an installed one stands in.
    """
    import resvg_py

    local = re.sub(r"@font-face\s*\{[^}]*\}", "", svg).replace("Fira Code", FONT)
    path.write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=local, width=width)))
