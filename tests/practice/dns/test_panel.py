"""The provider's panel."""

import json

import pytest

from sestui.practice.dns.panel import Panel
from sestui.practice.dns.typed import PanelError, parse_value
from sestui.practice.store import Store


def test_records_are_kept_between_runs(tmp_path):
    store = Store(tmp_path)
    panel = Panel(store)
    panel.add("_dmarc.Shop.example.", "txt", " v=DMARC1; p=none ")
    panel.add("mail.shop.example", "MX", "10 feedback-smtp.eu-west-1.amazonses.com", ttl=60)
    assert Panel(store).listing() == panel.listing()
    assert panel.listing()[0] == {
        "name": "_dmarc.shop.example",
        "type": "TXT",
        "value": "v=DMARC1; p=none",
        "ttl": 300,
    }
    (soa,) = Panel(store).zones.values()
    assert soa.soa()[0].serial == 3
    assert [p.name for p in tmp_path.iterdir()] == ["panel.json"]
    (tmp_path / "panel.json").write_text("{")
    assert Panel(store).listing() == []
    assert (tmp_path / "panel.json.damaged").read_text() == "{"


def test_adding_again_changes_nothing_but_the_ttl():
    panel = Panel()
    for ttl in (300, 300, 60):
        panel.add("x.shop.example", "TXT", "one", ttl)
    assert [(r["value"], r["ttl"]) for r in panel.listing()] == [("one", 60)]
    panel.add("x.shop.example", "TXT", "two")
    assert len(panel.listing()) == 2


def test_replace_and_delete():
    panel = Panel()
    panel.add("x.shop.example", "TXT", "one")
    panel.add("x.shop.example", "A", "127.0.0.1")
    panel.replace("x.shop.example", "TXT", ["two", "three"])
    assert [r["value"] for r in panel.listing()] == ["127.0.0.1", "two", "three"]
    with pytest.raises(PanelError):
        panel.replace("x.shop.example", "A", ["127.0.0.1", "999.0.0.1"])
    assert panel.delete("x.shop.example", "TXT", "two") == 1
    assert panel.delete("x.shop.example", "TXT", "two") == 0
    assert panel.delete("X.shop.example.") == 2
    assert panel.listing() == []
    assert panel.zones == {}


def test_a_cname_stands_alone():
    panel = Panel()
    panel.add("a.shop.example", "CNAME", "b.example")
    for rdtype, value in (("TXT", "x"), ("CNAME", "c.example")):
        with pytest.raises(PanelError, match="CNAME"):
            panel.add("a.shop.example", rdtype, value)
    panel.replace("a.shop.example", "CNAME", ["c.example"])
    panel.add("b.shop.example", "TXT", "x")
    with pytest.raises(PanelError, match="TXT already"):
        panel.add("b.shop.example", "CNAME", "c.example")
    with pytest.raises(PanelError, match="top of a zone"):
        panel.add("shop.example", "CNAME", "c.example")


@pytest.mark.parametrize(
    ("name", "rdtype", "value", "ttl"),
    [
        ("a b.shop.example", "TXT", "x", 1),
        ("a..shop.example", "TXT", "x", 1),
        ("x" * 64 + ".shop.example", "TXT", "x", 1),
        ("", "TXT", "x", 1),
        ("com", "TXT", "x", 1),
        ("com.vn", "TXT", "x", 1),
        ("x.invalid", "TXT", "x", 1),
        ("x.amazonses.com", "TXT", "x", 1),
        ("shop.example", "TXT", "", 1),
        ("shop.example", "SOA", "x", 1),
        ("shop.example", "MX", "mail.shop.example", 1),
        ("shop.example", "MX", "high mail.shop.example", 1),
        ("shop.example", "A", "mail.shop.example", 1),
        ("x.shop.example", "CNAME", "two words", 1),
        ("shop.example", "TXT", "x", -1),
        ("shop.example", "TXT", "x", 2**31),
    ],
)
def test_what_a_panel_refuses(world, name, rdtype, value, ttl):
    with pytest.raises(PanelError):
        world.panel.add(name, rdtype, value, ttl)
    assert world.panel.listing() == []


def test_wrong_records_are_taken_as_typed(ask, world):
    """The mistakes of facts/pains.md can be made here."""
    twice = "tok._domainkey.shop.example.shop.example"
    world.panel.add(twice, "CNAME", "tok.dkim.amazonses.com")
    world.panel.add("mail.shop.example", "MX", "10 feedback-smtp.eu-west-1.amazonaws.com")
    world.panel.add("mail.shop.example", "MX", "20 other.example")
    world.panel.add("_dmarc.shop.example", "TXT", '"\\"v=DMARC1; p=none\\""')
    world.panel.add("t.shop.example", "TXT", 'say "v=spf1" <b>[red]\x1b[31m é')
    assert ask(twice, "CNAME").answer
    assert ask("tok._domainkey.shop.example").answer == []
    assert len(ask("mail.shop.example", "MX").answer[0]) == 2
    assert ask("_dmarc.shop.example").answer[0][0].strings == (b'"v=DMARC1; p=none"',)
    (strings,) = (r.strings for r in ask("t.shop.example").answer[0])
    assert b"".join(strings) == 'say "v=spf1" <b>[red]\x1b[31m é'.encode()


def test_names_with_umlauts_are_served_as_a_labels(ask, world):
    world.panel.add("_dmarc.Faß.example", "TXT", "v=DMARC1; p=none")
    world.panel.add("x.faß.example", "CNAME", "münchen.example")
    assert world.panel.listing()[0]["name"] == "_dmarc.xn--fa-hia.example"
    assert ask("_dmarc.xn--fa-hia.example").answer
    assert str(ask("x.xn--fa-hia.example", "CNAME").answer[0][0]) == "xn--mnchen-3ya.example."


def test_txt_values():
    long = "k" * 300
    assert parse_value("TXT", long).strings == (b"k" * 255, b"k" * 45)
    assert parse_value("TXT", f'"{"k" * 200}" "{"k" * 100}"').strings == (b"k" * 200, b"k" * 100)
    assert parse_value("TXT", '"').strings == (b'"',)
    assert parse_value("TXT", 'a "b" c').strings == (b'a "b" c',)
    assert parse_value("TXT", "a;b\\c").strings == (b"a;b\\c",)
    assert json.dumps(str(parse_value("TXT", "é"))) == json.dumps('"\\195\\169"')
