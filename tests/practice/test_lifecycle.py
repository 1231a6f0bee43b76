"""Starting, leaving and continuing an account.

Without the `account` fixture: moto has one state per process, and each of these makes a new one.
"""

from datetime import timedelta

import pytest

from sestui.practice.account import FAST, PracticeAccount, region_name
from sestui.practice.lock import InUse
from tests.practice.conftest import ses_client, verified_domain


def test_an_account_is_left_and_continued(tmp_path):
    folder = tmp_path / "account"
    with PracticeAccount(folder, options=FAST) as first:
        ses = ses_client(first)
        verified_domain(first, ses, "kept.example")
        ses.close()
        first.hurry(timedelta(hours=30))
        environment = first.environment()
        records = first.world.panel.listing()
        with pytest.raises(InUse, match="is in use by another practice account"):
            PracticeAccount(folder)
    with PracticeAccount(folder, options=FAST) as second:
        assert second.environment() == environment  # the ports too, while they are free
        assert second.world.panel.listing() == records
        assert second.clock.offset == timedelta(hours=30)
        ses = ses_client(second)
        assert ses.get_email_identity(EmailIdentity="kept.example")["VerifiedForSendingStatus"]
        ses.close()
        assert second.neighbours.wait(60)


def test_a_temporary_account_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    account = PracticeAccount(options=FAST)
    account.start()
    assert account.folder.is_dir()
    account.stop()  # while the neighbours are still loading
    account.stop()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_used_is_an_error_and_not_locked(tmp_path):
    (tmp_path / "state").write_text("a file")
    for _ in range(2):
        with pytest.raises(FileExistsError):
            PracticeAccount(tmp_path)


def test_names_of_regions():
    assert region_name("eu-west-1") == "Europe (Ireland)"
    assert region_name("mars-north-1") == "mars-north-1"
