"""The state outlives the process."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from sestui.practice.store import Store
from tests.practice.ses.conftest import Practice, Start
from tests.practice.ses.test_identities import plain


def test_everything_is_there_after_a_restart(start: Start) -> None:
    first = start()
    ses = first.client()
    first.verified_domain(ses, "example.com")
    ses.create_email_identity(EmailIdentity="me@other.com", Tags=[{"Key": "a", "Value": "b"}])
    ses.create_configuration_set(ConfigurationSetName="set")
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="set",
        EventDestinationName="bus",
        EventDestination={
            "MatchingEventTypes": ["SEND"],
            "EventBridgeDestination": {
                "EventBusArn": "arn:aws:events:eu-west-1:123456789012:event-bus/default"
            },
        },
    )
    ses.create_email_template(TemplateName="t", TemplateContent={"Subject": "s"})
    ses.put_account_details(
        MailType="MARKETING", WebsiteURL="https://example.com", ProductionAccessEnabled=True
    )
    first.service.suppress("eu-west-1", "a@example.com", "BOUNCE")
    ses.send_email(
        FromEmailAddress="me@example.com",
        Destination={"ToAddresses": ["me@example.com"]},
        Content={"Simple": {"Subject": {"Data": ""}, "Body": {"Text": {"Data": ""}}}},
    )
    key = first.service.signing_key("eu-west-1", "example.com")
    other = first.service.amazonses_key("us-east-1")

    def picture(practice: Practice) -> list[Any]:
        client = practice.client()
        return [
            plain(answer)
            for answer in (
                client.get_account(),
                client.get_email_identity(EmailIdentity="example.com"),
                client.get_email_identity(EmailIdentity="me@other.com"),
                client.get_configuration_set(ConfigurationSetName="set"),
                client.get_configuration_set_event_destinations(ConfigurationSetName="set"),
                client.get_email_template(TemplateName="t"),
                client.list_suppressed_destinations(),
            )
        ]

    # Nothing is stopped in an orderly way: each call was safe when it was answered.
    second = start()
    assert picture(second) == picture(first)
    assert second.service.signing_key("eu-west-1", "example.com") == key
    assert second.service.amazonses_key("us-east-1") == other
    assert second.service.confirm(first.post.token("me@other.com")) == "me@other.com"


def test_a_store_replaces_whole_files_of_its_owner(tmp_path: Path) -> None:
    store = Store(tmp_path / "a" / "b")
    assert store.load("x") is None
    store.save("x", {"ü": [1]})
    assert store.load("x") == {"ü": [1]}
    with pytest.raises(TypeError):
        store.save("x", object())
    assert store.load("x") == {"ü": [1]}
    assert os.listdir(store.folder) == ["x.json"]
    assert stat.S_IMODE((store.folder / "x.json").stat().st_mode) == 0o600
    assert store.names() == ["x"]
    for bad in ("", ".x", "a/b", ".."):
        with pytest.raises(ValueError, match="not a document name"):
            store.load(bad)


def test_many_identities(practice: Practice, ses: Any) -> None:
    practice.service.seed_identities("eu-west-1", [f"d{n}.example.com" for n in range(10_000)])
    names, token = 0, None
    while True:
        page = ses.list_email_identities(**({"NextToken": token} if token else {}))
        names += len(page["EmailIdentities"])
        token = page.get("NextToken")
        if token is None:
            break
    assert names == 10_000
    again = ses.put_email_identity_dkim_signing_attributes(
        EmailIdentity="d1.example.com", SigningAttributesOrigin="AWS_SES"
    )
    assert len(again["DkimTokens"]) == 3
    with pytest.raises(ses.exceptions.LimitExceededException):
        ses.create_email_identity(EmailIdentity="one.more.com")
