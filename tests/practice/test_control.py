"""The account's own HTTP interface."""

import http.client
import json
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from tests.practice.conftest import letter_to, simple, verified_domain


class Client:
    def __init__(self, account):
        self.account = account

    def raw(self, method, path, body=None, headers=None, content_type="application/json"):
        connection = http.client.HTTPConnection("127.0.0.1", self.account.control.port, timeout=5)
        data = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": content_type} if content_type else {}
        sent["Authorization"] = f"Bearer {self.account.owner.token}"
        connection.request(method, f"/_practice/{path}", data, sent | (headers or {}))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers.get_content_type(), content

    def __call__(self, method, path, body=None):
        status, kind, content = self.raw(method, path, body)
        assert kind == "application/json"
        return status, json.loads(content)


@pytest.fixture
def control(account):
    client = Client(account)
    yield client
    client("DELETE", "faults")


def test_state(account, control):
    status, state = control("GET", "state")
    assert status == 200
    assert state["mailbox"] == str(account.mailbox.folder)
    assert state["nameserver"] == "{}:{}".format(*account.nameserver)
    assert state["region"] == "eu-west-1"
    assert state["neighbours_ready"] is True
    assert state["event_problems"] == []


def test_the_mailbox(account, ses, control):
    verified_domain(account, ses, "control.example")
    ses.send_email(
        FromEmailAddress="a@control.example",
        Destination={"ToAddresses": ["b@control.example"]},
        Content=simple("Grüße"),
    )
    letter = letter_to(account, "b@control.example")
    status, letters = control("GET", "mailbox")
    assert status == 200
    (found,) = [each for each in letters if each["to"] == "b@control.example"]
    assert found["subject"] == "Grüße"
    assert found["auth"]["dmarc"] == "pass"
    status, kind, content = control.raw("GET", f"mailbox/{letter.id}")
    assert (status, kind) == (200, "message/rfc822")
    assert content == account.mailbox.raw(letter.id)
    for bad in ("20260101T000000000000Z-none", "..%2f..%2fetc%2fpasswd", "%00"):
        assert control("GET", f"mailbox/{bad}")[0] == 404


def test_what_became_of_a_message(account, ses, control):
    verified_domain(account, ses, "fate.example")
    # No configuration set, so that no event is published: the account tells of it all the same.
    tag = {"Name": "sestui-test", "Value": "run-7"}
    message_id = ses.send_email(
        FromEmailAddress="a@fate.example",
        Destination={"ToAddresses": ["bounce@simulator.amazonses.com", "b@fate.example"]},
        Content=simple(),
        EmailTags=[tag],
    )["MessageId"]
    letter_to(account, "b@fate.example")
    # The simulator comes after the mailbox; what is sent after it is handled after it.
    ses.send_email(
        FromEmailAddress="a@fate.example",
        Destination={"ToAddresses": ["after@fate.example"]},
        Content=simple(),
    )
    letter_to(account, "after@fate.example")
    status, events = control("GET", f"events?message_id={message_id}")
    assert status == 200
    assert [event["eventType"] for event in events] == ["Send", "Delivery", "Bounce"]
    assert control("GET", "events?tag=sestui-test:run-7") == (200, events)
    assert control("GET", "events?tag=sestui-test:run-8") == (200, [])
    assert control("GET", "events?message_id=unknown") == (200, [])


def test_the_panel(control):
    record = {"name": "_dmarc.typed.example", "type": "TXT", "value": "v=DMARC1; p=none;"}
    status, listing = control("POST", "panel", record)
    assert status == 201
    assert record | {"ttl": 300} in listing
    assert control("GET", "panel") == (200, listing)
    status, answer = control("POST", "panel", record | {"type": "CNAME", "value": "x.example"})
    assert status == 400
    assert "already" in answer["error"]
    new = {"name": "_dmarc.typed.example", "type": "TXT", "values": ["a", "b"], "ttl": 60}
    assert control("POST", "panel", new)[0] == 201
    assert control("DELETE", "panel", {"name": "_dmarc.typed.example", "value": "a"}) == (
        200,
        {"deleted": 1},
    )
    assert control("DELETE", "panel?name=_dmarc.typed.example") == (200, {"deleted": 1})
    assert control("DELETE", "panel?name=_dmarc.typed.example")[0] == 404


def test_faults(account, ses, control):
    fault = {"operation": "GetAccount", "kind": "throttle", "count": 1}
    status, faults = control("POST", "faults", {"ses": fault})
    assert (status, faults["ses"]) == (201, [fault])
    with pytest.raises(ClientError, match="TooManyRequests"):
        ses.get_account()
    assert ses.get_account()["SendingEnabled"]
    name = {"name": "x.example", "kind": "delay", "ms": 20, "type": "TXT"}
    _, faults = control("POST", "faults", {"dns": name})
    (one,) = faults["dns"]
    assert control("DELETE", f"faults?id={one['id']}") == (200, {"deleted": True})
    control("POST", "faults", {"dns": name})
    assert control("DELETE", "faults") == (200, {"ses": [], "dns": []})
    assert control("GET", "faults") == (200, {"ses": [], "dns": []})


def test_time_and_looking_now(account, ses, control):
    ses.create_email_identity(EmailIdentity="late@inbox.example")
    before = account.clock.now()
    assert control("POST", "clock", {"hours": 25})[0] == 200
    assert (account.clock.now() - before).total_seconds() >= 25 * 3600
    assert control("POST", "check", {}) == (200, {"checked": True})
    identity = ses.get_email_identity(EmailIdentity="late@inbox.example")
    assert identity["VerificationStatus"] == "FAILED"
    letter = letter_to(account, "late@inbox.example")
    text = account.mailbox.raw(letter.id).decode()
    (link,) = [line for line in text.splitlines() if "confirm?token=" in line]
    with pytest.raises(urllib.error.HTTPError, match="400") as caught:
        urllib.request.urlopen(link)
    assert b"older than 24 hours" in caught.value.read()
    caught.value.close()


def test_a_token_is_not_shown_as_html(control):
    status, kind, content = control.raw("GET", "confirm?token=<script>alert(1)</script>")
    assert (status, kind) == (400, "text/html")
    assert b"<script>" not in content


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "clock", {"hours": "1"}, 400),
        ("POST", "clock", {"hours": -1}, 400),
        ("POST", "clock", {"hours": True}, 400),
        ("POST", "clock", {}, 400),
        ("POST", "clock", [1], 400),
        ("POST", "panel", {"name": 1}, 400),
        ("POST", "panel", {"name": "x.example", "type": "TXT"}, 400),
        ("POST", "panel", {"name": "x.example", "type": "TXT", "values": [1]}, 400),
        ("POST", "panel", {"name": "x.example", "type": "TXT", "value": "x", "ttl": "1"}, 400),
        ("POST", "faults", {"ses": {"kind": "none"}}, 400),
        ("POST", "faults", {"dns": {"name": "x.example", "kind": "none"}}, 400),
        ("POST", "faults", {}, 400),
        ("DELETE", "faults?id=x", None, 400),
        ("DELETE", "faults?id=77", None, 404),
        ("GET", "events", None, 400),
        ("GET", "events?tag=run-7", None, 400),
        ("POST", "events", {"message_id": "1"}, 404),
        ("POST", "state", {}, 404),
        ("GET", "nothing", None, 404),
        ("PUT", "panel", {}, 405),
    ],
)
def test_bad_requests(control, method, path, body, status):
    answer = control(method, path, body)
    assert answer[0] == status
    assert answer[1]["error"] if status != 404 else answer[1]


def test_other_sites_are_kept_out(control):
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"):
        assert control.raw("GET", "state", headers={"Host": host})[0] == 403
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert control.raw("POST", "clock", {"hours": 1}, content_type=kind)[0] == 415
        assert control.raw("DELETE", "faults", {}, content_type=kind)[0] == 415
    host = f"LocalHost:{control.account.control.port}"
    assert control.raw("GET", "state", headers={"Host": host})[0] == 200
