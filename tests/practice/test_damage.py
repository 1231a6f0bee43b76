"""A folder that is damaged, or open to others: what is lost, what is said, and who may read it."""

from __future__ import annotations

import base64
import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sestui.practice.files import JsonLines
from sestui.practice.owner import Owner
from tests.account_process import boto_client, practice_account

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")
REGION = "eu-west-1"
DAMAGE = {
    "cut off": b'{"x": [1, 2',
    "empty": b"",
    "no text": b"\xff\xfe\x00{}",
    "another kind": b'"a text"',
    "too deep": b"[" * 100_000,
    "not a number": b"[NaN, null]",
}


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """A folder with something of everything in it."""
    folder = tmp_path_factory.mktemp("used") / "account"
    with practice_account(folder) as account:
        account.seed_reputation([0.01], [0.001])
        account.ses.seed_identities(REGION, ["a.example", "b.example", "c.example"])
        account.ses.decide_review(REGION, "GRANTED")
        for name in ("a.panel.example", "b.panel.example", "c.panel.example"):
            account.world.panel.add(name, "TXT", "here")
        ses = boto_client("sesv2", account.endpoint, owner=account.owner)
        ses.create_email_template(TemplateName="t", TemplateContent={"Subject": "s", "Text": "t"})
        ses.create_configuration_set(ConfigurationSetName="set")
        ses.put_suppressed_destination(EmailAddress="x@example.com", Reason="BOUNCE")
        for number in range(3):
            ses.send_email(
                FromEmailAddress="me@a.example",
                Destination={"ToAddresses": [f"{number}@example.org"]},
                Content={
                    "Simple": {
                        "Subject": {"Data": f"{number}"}, "Body": {"Text": {"Data": "Hi."}},
                    }
                },
                EmailTags=[{"Name": "number", "Value": str(number)}],
            )  # fmt: skip
        assert account.mailbox.wait(lambda letters: len(letters) == 3, 20)
        sns = account.neighbours.client("sns")
        for name in ("first", "second", "third"):
            sns.create_topic(Name=name)
        account.hurry(account.clock.offset.resolution)
        ses.close()
    return folder


@pytest.fixture
def folder(used, tmp_path):
    return shutil.copytree(used, tmp_path / "account")


def documents(folder):
    return sorted(path.name for path in (folder / "state").glob("*.json"))


def test_there_is_something_of_everything(used):
    sections = {name.rpartition("-")[2] for name in documents(used) if name.startswith("ses-")}
    assert sections >= {
        "account.json", "identities.json", "keys.json", "sets.json", "templates.json",
        "suppression.json", "sending.json",
    }  # fmt: skip
    assert {"clock.json", "owner.json", "panel.json", "ports.json"} <= set(documents(used))


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_every_document_may_be_damaged(folder, damage):
    """The account starts without any of them; each is kept by another name, and named."""
    names = documents(folder)
    for name in names:
        (folder / "state" / name).write_bytes(damage)
    with practice_account(folder) as account:
        told = "\n".join(account.damaged)
        ses = boto_client("sesv2", account.endpoint, owner=account.owner)
        assert ses.list_email_identities()["EmailIdentities"] == []
        ses.close()
        assert [each["Name"] for each in topics(account)] == ["first", "second", "third"]
    for name in names:
        assert (folder / "state" / f"{name}.damaged").read_bytes() == damage
        assert name in told
    # What was made since then is good.
    with practice_account(folder) as account:
        assert account.damaged == []


def topics(account):
    found = account.neighbours.client("sns").list_topics()["Topics"]
    return [{"Name": each["TopicArn"].rpartition(":")[2]} for each in found]


def test_a_second_damage_does_not_replace_the_first(folder):
    path = folder / "state" / "panel.json"
    for number in range(3):
        path.write_text(f"damage {number}")
        with practice_account(folder):
            pass
    asides = sorted(path.parent.glob("panel.json.damaged*"))
    assert [each.read_text() for each in asides] == ["damage 0", "damage 1", "damage 2"]


@pytest.mark.parametrize(
    ("name", "damage", "named"),
    [
        ("identities", {"status": 7}, "b.example"),
        ("identities", {"dkim": None}, "b.example"),
        ("identities", {"dkim": {"tokens": "abc"}}, "b.example"),
        ("identities", {"created": "yesterday"}, "b.example"),
        ("identities", {"of_a_later_version": 1}, "b.example"),
        ("identities", None, "number 2"),
    ],
)
def test_an_identity_loses_itself_only(folder, name, damage, named):
    path = folder / "state" / f"ses-{REGION}-{name}.json"
    kept = json.loads(path.read_text())
    kept[1] = kept[1] | damage if damage is not None else "nonsense"
    path.write_text(json.dumps(kept))
    before = path.read_bytes()
    with practice_account(folder) as account:
        ses = boto_client("sesv2", account.endpoint, owner=account.owner)
        found = [each["IdentityName"] for each in ses.list_email_identities()["EmailIdentities"]]
        ses.close()
        (told,) = account.damaged
    assert found == ["a.example", "c.example"]
    assert named in told
    assert path.with_name(f"{path.name}.damaged").read_bytes() == before
    with practice_account(folder) as account:
        assert account.damaged == []


@pytest.mark.parametrize(
    "damage",
    [{"value": 7}, {"type": "NONSENSE"}, {"ttl": -1}, {"ttl": "x"}, {"name": ""}, {"more": 1}],
)
def test_a_record_of_the_panel_loses_itself_only(folder, damage):
    path = folder / "state" / "panel.json"
    kept = json.loads(path.read_text())
    kept["records"][1] |= damage
    path.write_text(json.dumps(kept))
    before = path.read_bytes()
    with practice_account(folder) as account:
        found = [each["name"] for each in account.world.panel.listing()]
        (told,) = account.damaged
    assert found == ["a.panel.example", "c.panel.example"]
    assert "panel.json" in told
    assert path.with_name("panel.json.damaged").read_bytes() == before


def lines_like(line):
    """What a line can have become."""
    entry = json.loads(line)
    yield "cut off", line[: len(line) // 2]
    yield "no text", b"\xff\xfe" + line[2:]
    yield "zeros", b"\0" * len(line)
    yield "another kind", b"[1, 2]"
    yield "too deep", b"[" * 100_000
    for name in entry:
        rest = {key: value for key, value in entry.items() if key != name}
        yield f"without {name}", json.dumps(rest).encode()
        for value in (None, 7, "x", ["x"], {"x": 1}):
            if type(value) is not type(entry[name]):
                yield f"{name} is {value}", json.dumps(entry | {name: value}).encode()


NEIGHBOURS_ENTRY = {
    "seed": 1,
    "method": "POST",
    "path": "/",
    "query": "",
    "headers": {
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "HTTP_AUTHORIZATION": "AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/sns/aws4_request",
    },
    "body": base64.b64encode(b"Action=CreateTopic&Name=damaged").decode(),
}


def test_a_line_of_the_neighbours_loses_itself_only(folder):
    """All kinds of damage at once, between good lines."""
    path = folder / "neighbours.jsonl"
    good = path.read_bytes().splitlines(keepends=True)
    kinds = dict(lines_like(json.dumps(NEIGHBOURS_ENTRY).encode()))
    bad = [line + b"\n" for line in kinds.values()]
    path.write_bytes(b"".join([good[0], *bad, *good[1:], b'{"seed": 1, "meth']))
    with practice_account(folder) as account:
        assert [each["Name"] for each in topics(account)] == ["first", "second", "third"]
        account.neighbours.client("sns").create_topic(Name="fourth")
        told = account.damaged
    aside = path.with_name("neighbours.jsonl.damaged").read_bytes()
    assert aside == b"".join(bad) + b'{"seed": 1, "meth\n'
    assert len(told) == 11  # ten of them, and how many more
    assert all("neighbours.jsonl" in each for each in told)
    with practice_account(folder) as account:
        names = [each["Name"] for each in topics(account)]
        assert account.damaged == []
    assert names == ["first", "second", "third", "fourth"]
    assert b"".join(good) == b"".join(path.read_bytes().splitlines(keepends=True)[: len(good)])


def test_a_line_of_the_events_loses_itself_only(folder):
    path = folder / "events.jsonl"
    good = path.read_bytes().splitlines(keepends=True)
    kinds = dict(lines_like(good[0].rstrip()))
    bad = {kind: line for kind, line in kinds.items() if kind in ("without mail", "mail is 7")}
    bad |= {kind: kinds[kind] for kind in ("cut off", "no text", "zeros", "another kind")}
    path.write_bytes(b"".join([good[0], *(line + b"\n" for line in bad.values()), *good[1:]]))
    with practice_account(folder) as account:
        for number in range(3):
            assert account.record.of_tag("number", str(number)), number
        assert len([each for each in account.damaged if "events.jsonl" in each]) == len(bad)
    aside = path.with_name("events.jsonl.damaged").read_bytes()
    assert sorted(aside.splitlines()) == sorted(bad.values())
    with practice_account(folder) as account:
        assert account.damaged == []


def test_many_damaged_lines_are_counted(tmp_path):
    told = []
    path = tmp_path / "lines.jsonl"
    path.write_text("nonsense\n\n" * 25 + '{"good": 1}\n')
    taken = []
    assert JsonLines(path, told.append).read(taken.append) is False
    assert taken == [{"good": 1}]
    assert len(told) == 11
    assert "15 more" in told[-1]


@pytest.mark.parametrize("most", [1, 2, 3, 7, 8, 9, 100])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_the_last_lines_are_read_without_the_rest(tmp_path, most, end):
    path = tmp_path / "lines.jsonl"
    lines = [json.dumps({"n": number, "pad": "x" * 300_000 * (number % 3)}) for number in range(8)]
    path.write_bytes("\n".join(lines).encode() + end)
    taken = []
    good = JsonLines(path, lambda _text: None).read(taken.append, most=most)
    whole = lines if end else lines[:-1]
    expected = lines[-most:] if end else lines[-most:-1]
    assert [each["n"] for each in taken] == [json.loads(each)["n"] for each in expected]
    assert good is bool(end)
    assert len(whole) - len(taken) == max(0, 8 - most)


def test_mail_on_its_way_loses_itself_only(folder):
    spool = folder / "spool"
    (spool / "20260101-1.json").write_text('{"kind": "mail", "fields": {}}')
    (spool / "20260101-2.json").write_text("cut o")
    with practice_account(folder) as account:
        assert len(account.damaged) == 2
    kept = {path.name: path.read_text() for path in spool.iterdir()}
    assert kept == {
        "20260101-1.json.damaged": '{"kind": "mail", "fields": {}}',
        "20260101-2.json.damaged": "cut o",
    }


class Served:
    """`sestui practice --serve` with a umask, and what it says."""

    def __init__(self, *arguments, umask=0o022):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sestui.practice.serve", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            umask=umask,
        )
        self.environment = {}
        while "SESTUI_MAILBOX" not in self.environment:
            line = self.process.stdout.readline()
            assert line, self.process.communicate()[1]
            _export, name, value = shlex.split(line.replace("=", " ", 1))
            self.environment[name] = value

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.process.kill()
        self.process.communicate()

    def end(self):
        """What it has said on stderr."""
        self.process.terminate()
        return self.process.communicate(timeout=30)[1]


def test_what_is_damaged_is_named_on_stderr_and_in_the_state(folder):
    (folder / "state" / "ports.json").write_text("{")
    with (folder / "neighbours.jsonl").open("ab") as file:
        file.write(b"nonsense\n")
    with Served("--data-dir", folder) as served:
        sts = boto3_client(served, "sts")
        sts.get_caller_identity()  # all has been loaded
        sts.close()
        said = served.end()
    assert f"sestui practice: {folder / 'state' / 'ports.json'} is damaged" in said
    assert "a damaged line, now in neighbours.jsonl.damaged: 'nonsense\\n'" in said


def boto3_client(served, service):
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "SESTUI_PRACTICE_TOKEN")
    owner = Owner(*(served.environment[name] for name in names))
    return boto_client(service, served.environment["AWS_ENDPOINT_URL"], owner=owner)


def open_to_others(folder):
    """What in a folder others may touch."""
    return [
        str(path)
        for path in [folder, *folder.rglob("*")]
        if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_folder_is_its_owners_whoever_made_it(folder, umask):
    (folder / "wizard").mkdir()
    (folder / "wizard" / "preferences.json").write_text("{}")
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)
    (folder / "state" / "panel.json").write_text("{")
    with (folder / "events.jsonl").open("ab") as file:
        file.write(b"nonsense\n")
    with Served("--data-dir", folder, umask=umask) as served:
        sts = boto3_client(served, "sts")
        sts.get_caller_identity()
        sts.close()
        sns = boto3_client(served, "sns")
        sns.create_topic(Name="one-more")
        sns.close()
        assert open_to_others(folder) == []
        served.end()
    assert open_to_others(folder) == []


def test_a_new_folder_is_its_owners_with_any_umask(tmp_path):
    folder = tmp_path / "deep" / "account"
    with Served("--data-dir", folder, umask=0) as served:
        served.end()
    assert open_to_others(folder) == []


def test_what_is_not_ours_is_left_as_it_is(tmp_path):
    """`--data-dir .` in a project: neither its files nor the folder become unreadable."""
    project = tmp_path / "project"
    project.mkdir(mode=0o755)
    project.chmod(0o755)
    mine = project / "run.sh"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    elsewhere.chmod(0o755)
    (project / "wizard").symlink_to(elsewhere)
    with practice_account(project):
        pass
    assert stat.S_IMODE(mine.stat().st_mode) == 0o755
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o755
    assert open_to_others(project) == [str(project), str(mine)]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give it away")
def test_another_users_folder_is_not_used():
    # Not pytest's, which nobody else may look into.
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o777)
    script = (
        "import os, sys\n"
        "from sestui.practice.account import PracticeAccount\n"
        "from pathlib import Path\n"
        "os.setuid(65534)\n"
        "try:\n"
        f"    PracticeAccount(Path({str(folder)!r}))\n"
        "except PermissionError as error:\n"
        "    sys.exit(str(error))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert "belongs to another user" in done.stderr
    folder.rmdir()
