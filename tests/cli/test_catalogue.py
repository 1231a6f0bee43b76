"""The language: who asks for which, and that its catalogue is used."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from sestui.gateways.catalogue import available, choose, load


def compiled(texts: dict[str, str]) -> bytes:
    """A .mo file (GNU gettext manual, "MO Files")."""
    rows = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **texts}.items())
    ids, strings = b"", b""
    table: list[tuple[int, int, int, int]] = []
    for key, value in rows:
        table.append((len(key.encode()), len(ids), len(value.encode()), len(strings)))
        ids += key.encode() + b"\0"
        strings += value.encode() + b"\0"
    start = 7 * 4 + 16 * len(rows)
    head = struct.pack("<7I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, 0)
    keys = b"".join(struct.pack("<2I", n, start + at) for n, at, _n, _at in table)
    values = b"".join(struct.pack("<2I", n, start + len(ids) + at) for _n, _at, n, at in table)
    return head + keys + values + ids + strings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "vi" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "sestui.mo").write_bytes(compiled({"matches": "khớp"}))
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, ""),
        (["--lang", "vi"], {}, "vi"),
        (["check", "--lang=vi"], {}, "vi"),
        (["--lang", "en"], {"LANG": "vi_VN.UTF-8"}, ""),
        (["--", "--lang", "vi"], {}, ""),
        (["--lang"], {}, ""),
        ([], {"LANG": "vi_VN.UTF-8"}, "vi"),
        ([], {"LC_ALL": "C", "LANG": "vi"}, ""),
        ([], {"LANGUAGE": "fr:vi", "LANG": "en_GB.UTF-8"}, "vi"),
        ([], {"LANGUAGE": "en:vi"}, ""),
        (["--lang", "../../vi"], {}, ""),
        (["--lang", "xx"], {}, ""),
    ],
)
def test_who_asks_for_which(folder, arguments, environment, language):
    assert choose(arguments, environment, folder) == language


def test_a_catalogue_is_found_and_used(folder):
    assert available(folder) == ("en", "vi")
    assert load("vi", folder).gettext("matches") == "khớp"
    assert load("vi", folder).gettext("not in it") == "not in it"


def test_the_language_is_chosen_before_any_text_is_looked_up(folder):
    code = (
        "import sys; from pathlib import Path; import sestui.gateways.catalogue as c;"
        f"c.choose.__defaults__ = c.load.__defaults__ = (Path({str(folder)!r}),);"
        "from sestui.__main__ import main; main(['--lang', 'vi', '--version']);"
        "from sestui.domain.diagnosis import Verdict; print(Verdict.OK.word)"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "khớp"


def test_each_catalogue_is_that_of_its_source():
    """`pybabel compile` has been run since the .po file was last written."""
    from babel.messages.pofile import read_po

    import sestui

    for path in (Path(sestui.__file__).parent / "locale").glob("*/LC_MESSAGES/sestui.po"):
        with path.open("rb") as file:
            source = read_po(file)
        catalogue = load(path.parent.parent.name)
        for message in source:
            if message.id and isinstance(message.id, str) and message.string and not message.fuzzy:
                assert catalogue.gettext(message.id) == message.string
