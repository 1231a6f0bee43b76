"""DNS providers: who it is, and what to type into their boxes."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain import providers as module
from sestui.domain.providers import (
    GENERIC,
    box_label,
    candidates,
    checked_on,
    name_box,
    panel_url,
    providers,
    recognise,
    value_box,
)

BY_ID = {provider.id: provider for provider in providers()}
KEY = "abc._domainkey.mail.example.com"


@pytest.mark.parametrize(
    ("nameservers", "name"),
    [
        (["amy.ns.cloudflare.com", "bob.ns.cloudflare.com"], "Cloudflare"),
        (
            [
                "ns-1.awsdns-00.com",
                "ns-2.awsdns-01.net",
                "ns-3.awsdns-02.org",
                "NS-4.AWSDNS-03.co.uk.",
            ],
            "Amazon Route 53",
        ),
        (["ns43.domaincontrol.com"], "GoDaddy"),
        (["dns1.registrar-servers.com"], "Namecheap"),
        (["dns1.namecheaphosting.com"], "Namecheap"),
        (["ns1.squarespacedns.com"], "Squarespace"),
        (["ns1.digitalocean.com"], "DigitalOcean"),
        (["ns1.dns-parking.com"], "Hostinger"),
        (["dns12.ovh.net", "ns12.ovh.net"], "OVHcloud"),
        (["ns-7-a.gandi.net"], "Gandi LiveDNS"),
        (["a.dns.gandi.net"], "Gandi LiveDNS"),
        (["hydrogen.ns.hetzner.com"], "Hetzner"),
        (["robotns3.second-ns.de", "robotns2.first-ns.de"], "Hetzner"),
        (["ns1-05.azure-dns.com", "ns2-05.azure-dns.net"], "Azure DNS"),
        (["ns1.vercel-dns.com"], "Vercel"),
        (["ns9.wixdns.net"], "Wix"),
        (["ns1034.ui-dns.biz"], "IONOS"),
        (["ns29.worldnic.com"], "Network Solutions"),
        (["ns1abc.name.com"], "Name.com"),
        (["ns1.dnsowl.com"], "NameSilo"),
        (["maceio.ns.porkbun.com"], "Porkbun"),
        (["ns1.hover.com"], "Hover"),
        (["ns1.dnsimple.com"], "DNSimple"),
        (["ns2.dreamhost.com"], "DreamHost"),
        (["ns1.dynadot.com"], "Dynadot"),
        (["ns1.cafe24.com"], "Cafe24"),
        (["ns1.matbao.com", "ns2.matbao.com"], "Mắt Bão"),
        (["ns2.matbao.vn"], "Mắt Bão"),
        (["ns1.pavietnam.vn", "nsbak.pavietnam.net"], "P.A Việt Nam"),
        (["ns4.zonedns.vn"], "Nhân Hòa"),
        (["ns3.inet.vn"], "iNET"),
        (["ns-a2.tenten.vn"], "Tenten (GMO Z.com Runsystem)"),
        # Name servers that two providers share: both.
        (["dns1.p08.nsone.net", "dns2.p08.nsone.net"], "Netlify DNS or NS1 Connect"),
        (["ns-cloud-b1.googledomains.com"], "Squarespace or Google Cloud DNS"),
    ],
)
def test_a_provider_is_known_by_its_name_servers(nameservers, name):
    found = recognise(nameservers)
    assert found is not None
    assert found.name == name


def test_each_provider_is_recognised_by_the_test_above():
    cases = test_a_provider_is_known_by_its_name_servers.pytestmark[0].args[1]
    named = {part for _servers, name in cases for part in name.split(" or ")}
    assert named == {provider.name for provider in providers()}


@pytest.mark.parametrize(
    ("mname", "rname", "name"),
    [
        ("ns-1.awsdns-00.com", "awsdns-hostmaster.amazon.com", "Amazon Route 53"),
        ("ns1.own.example", "awsdns-hostmaster.amazon.com.", "Amazon Route 53"),
        ("ns1.own.example", "dns.cloudflare.com", "Cloudflare"),
        ("ns1.matbao.com", "hostmaster.example.com", "Mắt Bão"),
    ],
)
def test_name_servers_with_names_of_their_own_are_known_by_the_soa(mname, rname, name):
    found = recognise(["ns1.own.example"], mname, rname)
    assert found is not None
    assert found.name == name


def test_name_servers_go_before_the_soa():
    found = recognise(["ns1.inet.vn"], "ns1.own.example", "dns.cloudflare.com")
    assert found is not None
    assert found.id == "inet"
    # Most of the servers decide: one left over from before does not.
    found = recognise(["ns1.inet.vn", "ns2.inet.vn", "ns1.matbao.com"])
    assert found is not None
    assert found.id == "inet"
    # A draw is said as such.
    found = recognise(["ns1.inet.vn", "ns1.matbao.com"])
    assert found is not None
    assert found.alternatives == ("Mắt Bão", "iNET")


@pytest.mark.parametrize(
    "nameservers", [[], ["ns1.example.com"], ["cloudflare.com"], ["ns1.domaincontrol.com.evil.org"]]
)
def test_an_unknown_provider(nameservers):
    assert recognise(nameservers) is None
    assert candidates(nameservers) == ()
    assert (name_box(None, KEY, "example.com"), panel_url(None, "example.com")) == (
        "abc._domainkey.mail",
        "",
    )
    assert value_box(None, "MX", "10 host.example").priority == "10"


def test_what_two_differ_in_is_left_open():
    google = recognise(["ns-cloud-b1.googledomains.com"])
    assert google is not None
    assert (google.ambiguous, google.sure, google.panel) == (True, False, "")
    assert (google.apex, google.priority, google.target_dot) == (
        GENERIC.apex,
        GENERIC.priority,
        GENERIC.target_dot,
    )
    assert google.ns == ()
    netlify = recognise(["dns1.p08.nsone.net"])
    assert netlify is not None
    assert len(netlify.notes) == 1


@pytest.mark.parametrize(
    ("provider", "name", "zone", "typed"),
    [
        ("godaddy", KEY, "example.com", "abc._domainkey.mail"),
        ("godaddy", KEY + ".", "Example.com.", "abc._domainkey.mail"),
        # In a delegated zone the name is shorter.
        ("godaddy", KEY, "mail.example.com", "abc._domainkey"),
        ("godaddy", "example.com", "example.com", "@"),
        ("route53", "example.com", "example.com", ""),
        ("matbao", "_dmarc.example.com.vn", "example.com.vn", "_dmarc"),
        # Not in this zone at all: nothing to cut off.
        ("godaddy", "_dmarc.example.com", "example.net", "_dmarc.example.com"),
        ("godaddy", "_dmarc.badexample.com", "example.com", "_dmarc.badexample.com"),
    ],
)
def test_the_name_box(provider, name, zone, typed):
    assert name_box(BY_ID[provider], name, zone) == typed


def test_the_name_box_of_a_panel_that_wants_all():
    full = module.Provider(id="x", name="X", name_style="full")
    assert name_box(full, "example.com.", "example.com") == "example.com"
    assert name_box(full, KEY, "example.com") == KEY


@pytest.mark.parametrize(
    ("provider", "kind", "value", "box", "priority"),
    [
        ("cloudflare", "CNAME", "a.dkim.amazonses.com", "a.dkim.amazonses.com", ""),
        ("gandi", "CNAME", "a.dkim.amazonses.com", "a.dkim.amazonses.com.", ""),
        ("pavietnam", "CNAME", "a.dkim.amazonses.com.", "a.dkim.amazonses.com", ""),
        (
            "godaddy",
            "MX",
            "10 feedback-smtp.us-east-1.amazonses.com",
            "feedback-smtp.us-east-1.amazonses.com",
            "10",
        ),
        ("route53", "MX", "10 a.example", "10 a.example", ""),
        ("google-cloud", "MX", "10 a.example", "10 a.example.", ""),
        ("ovh", "MX", "10 a.example", "a.example.", "10"),
        ("godaddy", "TXT", "v=DMARC1; p=none;", "v=DMARC1; p=none;", ""),
        ("cloudflare", "TXT", "v=DMARC1; p=none;", "v=DMARC1; p=none;", ""),
        ("route53", "TXT", "v=DMARC1; p=none;", '"v=DMARC1; p=none;"', ""),
        ("route53", "TXT", "x" * 256, '"' + "x" * 255 + '" "x"', ""),
        ("route53", "TXT", 'a"b\\c', '"a\\"b\\\\c"', ""),
        ("godaddy", "MX", "a.example", "a.example", ""),
    ],
)
def test_the_value_box(provider, kind, value, box, priority):
    filled = value_box(BY_ID[provider], kind, value)
    assert (filled.value, filled.priority) == (box, priority)


def test_the_panel():
    assert panel_url(BY_ID["hostinger"], "example.com.") == (
        "https://hpanel.hostinger.com/domain/example.com/dns"
    )
    assert panel_url(BY_ID["hostinger"], "../x?y") == (
        "https://hpanel.hostinger.com/domain/..%2Fx%3Fy/dns"
    )
    assert panel_url(BY_ID["hover"], "example.com") == ""


def test_the_names_of_the_boxes():
    assert box_label(BY_ID["pavietnam"], "value") == "Giá trị"
    assert box_label(BY_ID["pavietnam"], "name") == "Host"
    assert box_label(BY_ID["godaddy"], "name") == "Name"
    assert box_label(None, "priority") == "Priority"


def test_the_data_is_what_the_program_expects():
    path = Path(module.__file__).with_name("providers.json")
    data = json.loads(path.read_text("utf-8"))
    assert checked_on() == data["checked_on"] == "2026-11"
    assert len(BY_ID) == len(data["providers"])
    allowed = {
        "name_style": {"relative", "full", "either"},
        "priority": {"own", "in_value"},
        "quotes": {"no", "yes", "auto"},
        "target_dot": {"no", "needed", "optional"},
        "apex": {"", "@"},
    }
    for provider in providers():
        assert provider.known
        assert provider.name
        assert provider.ns
        for field, values in allowed.items():
            assert getattr(provider, field) in values
        assert provider.panel == "" or provider.panel.startswith("https://")
        assert set(provider.boxes) <= {"name", "value", "type", "priority"}
        assert all(pattern == pattern.lower() for pattern in (*provider.ns, *provider.soa))
        assert all(note.endswith(".") for note in provider.notes)


def test_those_who_refuse_underscores_are_known():
    assert {p.id for p in providers() if p.refuses_underscore} == {"cafe24", "network-solutions"}


@given(st.lists(st.text()), st.text(), st.text())
def test_texts_that_name_no_server_are_of_no_provider(nameservers, mname, rname):
    assert recognise(nameservers, mname, rname) is None


@given(st.sampled_from(providers()), st.sampled_from(["TXT", "MX", "CNAME"]), st.text(), st.text())
def test_what_is_typed_is_what_is_meant_however_odd(provider, kind, text, zone):
    name, below = text.removesuffix("."), "." + zone.removesuffix(".")
    assert name_box(provider, text, zone) in (name, provider.apex, name[: -len(below)])
    filled = value_box(provider, kind, text)
    shown = f"{filled.priority} {filled.value}".replace('" "', "").replace("\\", "")
    for word in text.replace("\\", "").removesuffix(".").split():
        assert word in shown or '"' in text
    assert re.fullmatch(r"(https://[!-~]+)?", panel_url(provider, text))


@given(st.sampled_from(providers()), st.lists(st.sampled_from(["a", "_dmarc", "b-c"]), max_size=4))
def test_what_is_typed_becomes_the_name_again(provider, labels):
    name = ".".join([*labels, "example.com"])
    typed = name_box(provider, name, "example.com")
    became = "example.com" if typed == provider.apex else f"{typed}.example.com"
    assert became == name
