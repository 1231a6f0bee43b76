"""The language: who asks for which, and that its catalogue is used."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

import sestui as package
from sestui.__main__ import main
from sestui.cli.output import ExitCode
from sestui.domain.i18n import _, use
from sestui.gateways.catalogue import LOCALE, available, choose, load

READY = "Tell whether mail may go to strangers, and what is still open."


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


def test_english_is_a_catalogue_that_changes_nothing():
    assert load("").gettext("matches") == "matches"


def test_the_language_is_chosen_before_any_text_is_looked_up(sestui_process, tmp_path):
    """In a copy of the package that has another language."""
    copy = tmp_path / "sestui"
    copy.mkdir()
    for part in Path(package.__file__).parent.iterdir():
        if part.name != "locale":
            (copy / part.name).symlink_to(part)
    place = copy / "locale" / "vi" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "sestui.mo").write_bytes(compiled({READY: "Đã sẵn sàng chưa?"}))
    copied = {"module": "sestui", "PYTHONPATH": str(tmp_path), "PYTHONSAFEPATH": "1"}
    assert "Đã sẵn sàng chưa?" in sestui_process("--lang", "vi", "--help", **copied).end().out


@pytest.fixture
def in_vietnamese(folder):
    use(load("vi", folder))
    yield
    use(load(""))


@pytest.mark.usefixtures("in_vietnamese")
def test_a_run_in_english_after_one_in_another_language():
    assert _("matches") == "khớp"
    assert main(["--version"]) == ExitCode.OK
    assert _("matches") == "matches"


def not_compiled(folder: Path) -> list[str]:
    """The texts of which a catalogue says something else than its source, the .po file."""
    from babel.messages.pofile import read_po

    found = []
    for path in folder.glob("*/LC_MESSAGES/sestui.po"):
        with path.open("rb") as file:
            source = read_po(file)
        catalogue = load(path.parent.parent.name, folder)
        for message in source:
            plain = isinstance(message.id, str) and message.id and message.string
            if plain and not message.fuzzy and catalogue.gettext(message.id) != message.string:
                found.append(message.id)
    return found


def test_each_catalogue_is_that_of_its_source():
    """`pybabel compile` has been run since the .po file was last written."""
    assert not_compiled(LOCALE) == []


def test_a_catalogue_older_than_its_source_is_seen(folder):
    source = folder / "vi" / "LC_MESSAGES" / "sestui.po"
    source.write_text('msgid "matches"\nmsgstr "khớp"\n\nmsgid "absent"\nmsgstr "thiếu"\n', "utf-8")
    assert not_compiled(folder) == ["absent"]
