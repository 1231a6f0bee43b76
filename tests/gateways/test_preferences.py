from __future__ import annotations

from pathlib import Path

import pytest

from sestui.gateways.preferences import FilePreferences


def test_what_is_saved_is_there_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "config"
    FilePreferences(folder).save({"region": "eu-west-1", "n": 3})
    assert FilePreferences(folder).load() == {"region": "eu-west-1", "n": 3}
    assert FilePreferences(folder).path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["preferences.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b'"x"'])
def test_a_damaged_file_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "preferences.json").write_bytes(content)
    kept = FilePreferences(tmp_path)
    assert kept.load() == {}
    kept.save({"a": 1})
    assert kept.load() == {"a": 1}


def test_a_folder_that_cannot_be_used_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = FilePreferences(tmp_path / "file")
    kept.save({"a": 1})
    assert kept.load() == {}
