"""The commands against a practice account: real HTTP, real DNS, real journal."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import signal

import pytest

from sestui.cli.output import ExitCode
from sestui.domain.account import Choice
from sestui.domain.changes import identity_plan, template_plan
from sestui.domain.identity import IdentityKind
from sestui.domain.monitoring import monitoring_plan
from sestui.domain.steps import IdentityForm, MonitoringForm
from sestui.workflows.carry_out import carry_out
from sestui.workflows.monitoring import existing_for, place_of
from tests.account_process import RemoteAccount
from tests.cli.at_once import sleep, world
from tests.cli.running import TERMINAL

pytestmark = pytest.mark.usefixtures("on_practice")


async def create(domain: str, *, monitored: bool = False) -> None:
    """What the wizard does in the steps Identity and Monitoring, journal and all."""
    cloud = await world().connect(Choice())

    async def make(plan):
        async for _progress in carry_out(cloud.changes, plan, sleep):
            pass

    await make(identity_plan(IdentityForm(kind=IdentityKind.DOMAIN, name=domain), None))
    if monitored:
        identity = await cloud.ses.identity(domain)
        form = MonitoringForm(
            set_name="set-" + domain.partition(".")[0], topic="topic-" + domain[:4]
        )
        existing = await existing_for(cloud, form, identity)
        await make(monitoring_plan(form, domain, place_of(cloud), existing))


def publish(account: RemoteAccount, records: list[dict[str, str]]) -> None:
    for record in records:
        text = f'"{record["value"]}"' if record["type"] == "TXT" else record["value"]
        account.world.panel.add(record["name"], record["type"], text)


def test_records_in_every_format(sestui, account):
    asyncio.run(create("formats.test"))
    table = sestui("records", "formats.test")
    assert table.code == 0
    document = sestui("records", "formats.test", "--format", "json").json
    assert document["schema"] == "sestui.records/1"
    assert [r["type"] for r in document["records"]] == ["CNAME"] * 3 + ["MX", "TXT", "TXT"]
    rows = list(
        csv.DictReader(io.StringIO(sestui("records", "formats.test", "--format", "csv").out))
    )
    assert tuple(rows[0]) == ("Type", "Name", "Value")
    zone = sestui("records", "formats.test", "--format", "zone").out
    for record, row in zip(document["records"], rows, strict=True):
        assert row == {
            "Type": record["type"], "Name": record["name"], "Value": record["value"]
        }  # fmt: skip
        assert record["value"] in table.out
        assert f"{record['name']}. {record['type']} " in zone


def test_check_from_absent_to_well(sestui, account, tmp_path):
    asyncio.run(create("path.test"))
    document = sestui("records", "path.test", "--format", "json").json
    absent = sestui("check", "path.test", "--json")
    assert absent.code == ExitCode.NOT_READY
    assert absent.json["region"] == "eu-west-1"
    codes = {finding["code"] for finding in absent.json["findings"]}
    assert {"ses_dkim_pending", "ses_mail_from_pending"} <= codes

    publish(account, document["records"])
    account.ses.check_now()
    assert sestui("check", "path.test").code == ExitCode.OK

    # The same by whoever owns the DNS, who has no AWS account.
    path = tmp_path / "records.json"
    path.write_text(json.dumps(document), "utf-8")
    nobody = {name: "" for name in os.environ if name.startswith("AWS_")}
    by_file = sestui("check", "path.test", "--expect", str(path), **nobody)
    assert by_file.code == ExitCode.OK, by_file.err


def test_ready(sestui, account):
    asyncio.run(create("ready.test"))
    ran = sestui("ready", "ready.test", "--json")
    assert ran.code == ExitCode.NOT_READY
    assert ran.json["schema"] == "sestui.ready/1"
    assert ran.json["status"] == "not_ready"
    states = {item["code"]: item["state"] for item in ran.json["items"]}
    assert states["production"] == "open"
    assert states["health"] == "done"
    person = sestui("ready", "ready.test")
    assert "✗ open" in person.out
    assert "Not ready" in person.out


@pytest.mark.parametrize("command", ["check", "ready", "records"])
def test_no_such_identity(sestui, command):
    ran = sestui(command, "nobody.test")
    assert ran.code == ExitCode.ERROR
    assert ran.out == ""
    assert "eu-west-1" in ran.err
    assert "--region" in ran.err


def test_an_identity_above_is_named(sestui):
    asyncio.run(create("above.test"))
    assert "above.test;" in sestui("check", "news.above.test").err


def test_an_error_with_json_is_json(sestui):
    ran = sestui("check", "nobody.test", "--json")
    assert ran.out == ""
    assert ran.error["schema"] == "sestui.error/1"
    assert ran.error["kind"] == "gone"


def test_wrong_credentials(sestui):
    ran = sestui("ready", "x.test", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert ran.code == ExitCode.ERROR
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_the_policy_for_sending_knows_the_account(sestui):
    ran = sestui("policy", "--for", "sending", "--identity", "x.test", "--sender", "me@x.test")
    (statement,) = ran.json["Statement"]
    assert statement["Resource"] == ["arn:aws:ses:eu-west-1:123456789012:identity/x.test"]
    assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": "me@x.test"}}


def test_cleanup_lists_and_deletes_what_sestui_made_and_nothing_else(sestui, ses):
    asyncio.run(create("mine.test", monitored=True))
    ses.create_email_identity(EmailIdentity="theirs.test")
    ses.create_configuration_set(ConfigurationSetName="theirs")

    listed = sestui("cleanup", "--json")
    names = {thing["name"] for thing in listed.json["things"]}
    assert names == {"mine.test", "set-mine", "topic-mine"}
    assert listed.json["deleted"] is False
    assert ses.get_email_identity(EmailIdentity="mine.test")

    refused = sestui("cleanup", "--delete")
    assert refused.code == ExitCode.USAGE

    done = sestui("cleanup", "--yes")
    assert done.code == ExitCode.OK, done.err
    assert "mine.test" not in identities(ses)
    assert "theirs.test" in identities(ses)
    assert "theirs" in ses.list_configuration_sets()["ConfigurationSets"]
    assert sestui("cleanup", "--json").json["things"] == []


def test_cleanup_leaves_what_others_use_too(sestui, ses):
    asyncio.run(create("used.test", monitored=True))
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="set-used",
        EventDestinationName="theirs",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["SEND"],
            "CloudWatchDestination": {
                "DimensionConfigurations": [
                    {
                        "DimensionName": "d",
                        "DimensionValueSource": "MESSAGE_TAG",
                        "DefaultDimensionValue": "v",
                    }
                ]
            },
        },
    )
    document = sestui("cleanup", "--json", "--keep", "used.test").json
    assert {(k["kind"], k["name"]) for k in document["kept"]} == {
        ("configuration set", "set-used"), ("identity", "used.test")
    }  # fmt: skip
    assert {t["kind"] for t in document["things"]} == {"event destination", "topic"}


def test_an_identity_that_stays_loses_a_default_set_that_goes(sestui, ses):
    asyncio.run(create("stay.test", monitored=True))
    ran = sestui("cleanup", "--yes", "--keep", "stay.test")
    assert ran.code == ExitCode.OK, ran.err
    identity = ses.get_email_identity(EmailIdentity="stay.test")
    assert not identity.get("ConfigurationSetName")


def test_cleanup_asks_first(sestui, ses):
    asyncio.run(create("asked.test"))
    no = sestui("cleanup", "--delete", terminal=TERMINAL, typed="n\n")
    assert no.code == ExitCode.OK
    assert "Delete this 1 thing?" in no.err
    assert "asked.test" in identities(ses)
    yes = sestui("cleanup", "--delete", terminal=TERMINAL, typed="y\n")
    assert yes.code == ExitCode.OK
    assert "asked.test" not in identities(ses)


def test_ctrl_c_ends_the_question_of_cleanup(sestui_process, ses):
    """With the pauses that it has for people, too."""
    asyncio.run(create("unanswered.test"))
    running = sestui_process("cleanup", "--delete", terminal=True, module="sestui")
    running.until("Delete this 1 thing?")
    assert running.end(signal.SIGINT).code == ExitCode.INTERRUPTED
    assert "unanswered.test" in identities(ses)


def identities(ses) -> set[str]:
    return {each["IdentityName"] for each in ses.list_email_identities()["EmailIdentities"]}


def test_the_template_is_cleaned_up_too(sestui, account):
    async def make() -> None:
        cloud = await world().connect(Choice())
        async for _progress in carry_out(cloud.changes, template_plan(), sleep):
            pass

    asyncio.run(make())
    kinds = [thing["kind"] for thing in sestui("cleanup", "--json").json["things"]]
    assert kinds == ["template"]
    assert sestui("cleanup", "--yes").code == ExitCode.OK
