"""Reading `sestui.records/1`: whatever comes, records or a reason why not."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sestui.cli.expected import NotRecords, read_records
from sestui.domain.identity import Dkim, Identity, IdentityKind, MailFrom, Status
from sestui.domain.records import as_json, required_records

ROW = {"purpose": "dkim", "type": "CNAME", "name": "t._domainkey.example.com", "value": "t.dkim.x"}


def document(*rows: object) -> str:
    return json.dumps(
        {"schema": "sestui.records/1", "identity": "example.com", "region": "r", "records": rows}
    )


def test_what_sestui_writes_it_reads():
    identity = Identity(
        "example.com",
        IdentityKind.DOMAIN,
        Status.PENDING,
        verified=False,
        dkim=Dkim(tokens=("a", "b", "c"), hosted_zone="dkim.amazonses.com"),
        mail_from=MailFrom("mail.example.com"),
    )
    records = required_records(identity, "eu-west-1")
    text = json.dumps(as_json("example.com", "eu-west-1", records))
    assert read_records(text, "example.com") == ("eu-west-1", records)


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "spam"},
        {"type": "A"},
        {"name": ""},
        {"name": "a..b"},
        {"name": "x" * 64 + ".com"},
        {"name": "has space.com"},
        {"name": "ex\x1b.com"},
        {"value": None},
        {"type": "MX", "value": "host-only"},
    ],
)
def test_a_record_that_cannot_be(change):
    with pytest.raises(NotRecords) as raised:
        read_records(document({**ROW, **change}), "example.com")
    assert str(raised.value).isprintable()


def test_too_many_records_are_refused():
    with pytest.raises(NotRecords):
        read_records(document(*[ROW] * 101), "example.com")


any_json = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)
damaged = st.fixed_dictionaries({key: st.just(value) | any_json for key, value in ROW.items()})


@given(rows=st.lists(damaged | any_json, max_size=3))
@example(rows=[ROW, {**ROW, "value": "x\x1b[31m"}])
def test_anything_gives_printable_records_or_a_printable_reason(rows):
    try:
        _region, records = read_records(document(*rows), "example.com")
    except NotRecords as reason:
        said = [str(reason)]
    else:
        assert len(records) == len(rows)
        said = [text for record in records for text in (record.name, record.value)]
    assert said
    assert all(text.isprintable() for text in said)


@given(st.text())
def test_any_text_gives_a_reason(text):
    with pytest.raises(NotRecords):
        read_records(text, "example.com")
