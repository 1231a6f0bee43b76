"""Ask for the version, for help and for something refused; after each, say what has been loaded."""

import contextlib
import io
import json
import sys

from sestui.__main__ import main

said = []
for arguments in (["--version"], ["--help"], ["check", "no domain"]):
    with contextlib.redirect_stdout(io.StringIO()):
        code = main(arguments)
    loaded = [name for name in sys.modules if "." not in name or name.startswith("sestui.")]
    said.append({"code": code, "loaded": loaded})
print(json.dumps(said))
