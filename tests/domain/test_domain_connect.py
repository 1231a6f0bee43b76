"""Domain Connect: what a provider says of itself, from strangers and so not trusted."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.domain_connect import parse_settings, question, settings_url

SETTINGS = {
    "providerId": "GoDaddy",
    "providerName": "GoDaddy",
    "providerDisplayName": "GoDaddy.com",
    "urlControlPanel": "https://dcc.godaddy.com/manage/%domain%/dns",
    "nameServers": ["ns43.domaincontrol.com.", "NS44.domaincontrol.com"],
}


def test_the_question():
    assert question("example.com") == ("_domainconnect.example.com", "TXT")


@pytest.mark.parametrize(
    ("values", "url"),
    [
        (
            ["domainconnect.api.godaddy.com"],
            "https://domainconnect.api.godaddy.com/v2/example.com/settings",
        ),
        (
            ["public-api.wordpress.com/rest/v1.3/domain-connect"],
            "https://public-api.wordpress.com/rest/v1.3/domain-connect/v2/example.com/settings",
        ),
        (["api.example.net/ "], "https://api.example.net/v2/example.com/settings"),
        ([], ""),
        (["a.example.net", "b.example.net"], ""),
        # Nothing of this machine or its network is asked because a stranger's zone says so.
        (["127.0.0.1"], ""),
        (["[::1]"], ""),
        (["169.254.169.254/latest"], ""),
        (["localhost"], ""),
        (["a.localhost"], ""),
        (["db.internal"], ""),
        (["api.example.net:8080"], ""),
        (["user@api.example.net"], ""),
        (["https://api.example.net"], ""),
        (["api.example.net/../x"], ""),
        (["api.example.net/?x"], ""),
        (["api.example.net\n"], "https://api.example.net/v2/example.com/settings"),
        (["a" * 300 + ".com"], ""),
    ],
)
def test_where_the_settings_are(values, url):
    assert settings_url(values, "example.com.") == url


def test_the_settings():
    found = parse_settings(json.dumps(SETTINGS))
    assert found is not None
    assert found.name == "GoDaddy.com"
    assert found.panel_url("example.com") == "https://dcc.godaddy.com/manage/example.com/dns"
    assert found.speaks_for(["ns44.domaincontrol.com."])
    # A record left over from the provider before.
    assert not found.speaks_for(["amy.ns.cloudflare.com"])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"providerName": 3}',
        "not json",
        b"\xff\xfe",
        "[" * 50_000,
        "x" * 99_999,
    ],
)
def test_what_is_no_settings(body):
    assert parse_settings(body) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "javascript:alert(1)",
        "https://u@a.example",
        "https://a b",
        "https://[",
        7,
    ],
)
def test_a_panel_that_no_browser_is_sent_to(url):
    found = parse_settings(json.dumps({"providerName": "X", "urlControlPanel": url}))
    assert found is not None
    assert found.panel == ""
    assert found.speaks_for(["a.example"])


def test_texts_are_safe_to_draw():
    found = parse_settings(json.dumps({"providerName": "X\x1b]0;y", "nameServers": ["\x9b", 3]}))
    assert found is not None
    assert found.name.isprintable()
    assert all(host.isprintable() for host in found.nameservers)


@given(st.text() | st.binary())
def test_no_body_is_too_odd(body):
    found = parse_settings(body)
    assert found is None or found.name


@given(st.lists(st.text(), max_size=2), st.text())
def test_no_record_is_too_odd(values, zone):
    url = settings_url(values, zone)
    assert url == "" or url.startswith("https://")
