"""Records and zones, valid ones and nearly so, for property and differential tests."""

from __future__ import annotations

from hypothesis import strategies as st

from .zone import BROKEN, TIMEOUT

NAMES = ["a.example", "b.example", "c.example", "d.example", "e.example"]
GONE = ["gone1.example", "gone2.example", "gone3.example"]
IPS = ["192.0.2.1", "192.0.2.77", "198.51.100.1", "2001:db8::1", "::ffff:192.0.2.1"]
HOSTS4 = ["192.0.2.1", "192.0.2.78", "198.51.100.1", "203.0.113.9"]
HOSTS6 = ["2001:db8::1", "2001:db8::2", "2001:db8:1::1"]

letters = st.sampled_from("slodiphv")
macro = st.builds(
    "%{{{}{}{}{}}}".format,
    letters | letters.map(str.upper),
    st.sampled_from(["", "", "1", "2", "7", "99"]),
    st.sampled_from(["", "", "r"]),
    st.sampled_from(["", "", "-", "+-", ".", "=_/,"]),
)
escape = st.sampled_from(["%%", "%_", "%-"])
plain = st.sampled_from(NAMES + GONE)
with_macro = st.tuples(
    st.sampled_from(["", "_x.", "p-"]),
    macro | macro | escape,
    st.sampled_from(["", ".a.example", ".b.example"]),
).map("".join)
domain = st.one_of(plain, plain, plain, plain.map(str.upper), plain.map("{}.".format), with_macro)
sign = st.sampled_from(["", "", "", "+", "-", "~", "?"])
prefix4 = st.sampled_from(["", "", "/0", "/24", "/32"])
prefix6 = st.sampled_from(["", "", "//0", "//64", "//128"])
dual = st.builds("{}{}".format, prefix4, prefix6)

mechanism = st.one_of(
    st.builds("{}include:{}".format, sign, domain),
    st.builds("{}a{}".format, sign, dual),
    st.builds("{}a:{}{}".format, sign, domain, dual),
    st.builds("{}mx{}".format, sign, dual),
    st.builds("{}mx:{}{}".format, sign, domain, dual),
    st.builds("{}ptr".format, sign),
    st.builds("{}ptr:{}".format, sign, domain),
    st.builds("{}exists:{}".format, sign, domain),
    st.builds("{}ip4:{}{}".format, sign, st.sampled_from(HOSTS4), prefix4),
    st.builds(
        "{}ip6:{}{}".format, sign, st.sampled_from(HOSTS6), st.sampled_from(["", "/48", "/128"])
    ),
)
include = st.builds("include:{}".format, plain)
end = st.sampled_from(["", "-all", "~all", "?all", "+all", "redirect=a.example"]) | st.builds(
    "redirect={}".format, domain
)
other = st.sampled_from(["", "", "", "exp=why.example", "foo=bar%%", "exp=%{d}"])


@st.composite
def records(draw, most=5):
    """A record that is valid by the grammar."""
    terms = draw(st.lists(mechanism | include, max_size=most))
    terms += [draw(end), draw(other)]
    return " ".join(["v=spf1", *filter(None, terms)])


# One thing done to a valid record; most of them make it an error.
MISTAKES = [
    (" include:", " include: "), (":", "="), (":", "::"), (" ", ","), (" ", ", "), (" ", ""),
    (" ", "\t"), (" ", "  "), ("-", "\u2013"), ("all", "all."), ("example", ""), ("/", "/3"),
    ("v=spf1", ""), ("v=spf1", "v=spf1;"), ("v=spf1", '"v=spf1'), (".", ""), ("%", ""),
    ("{", "("), ("ip4", "ip6"), ("ip6", "ip4"), ("ip4:", ""), ("include:", ""), ("a.", "\xe9."),
    ("example", "amazonaws.com"), ("=", ":"), ("all", "all -all"), ("ip4", "a"), ("mx", "mxx"),
    ("include", "inclde"), ("-all", "- all"), ("~", "~~"), (" ", " v=spf1 "), (" ", "\u200b "),
    ("exp=", "redirect="), ("exp=", "exp=a.example exp="), (" ", "\xa0"), ("\\", ""),
]  # fmt: skip


@st.composite
def damaged(draw):
    text = draw(records())
    for _round in range(draw(st.integers(1, 3))):
        old, new = draw(st.sampled_from(MISTAKES))
        at = text.find(old, draw(st.integers(0, len(text))))
        if at >= 0:
            text = text[:at] + new + text[at + len(old) :]
    return text


anything = st.one_of(
    damaged(),
    records(),
    st.text(max_size=80),
    st.text(max_size=60).map("v=spf1 {}".format),
    st.lists(st.sampled_from(["include:", "a.example", "-", "~all", ",", " ", "=", "ip4:", '"',
                              "192.0.2.1", "/", ":", "all", "redirect", "\u2013", "%{", "\\"]),
             max_size=12).map("".join).map("v=spf1 {}".format),
)  # fmt: skip


@st.composite
def zones(draw, record=None, trouble=True, gone=True):
    """Some names with records, hosts and trouble: `{name: [(type, value), ...]}`."""
    record = records() if record is None else record
    names = {}
    for name in NAMES:
        found = [("TXT", text) for text in draw(st.lists(record, min_size=1, max_size=1))]
        if draw(st.integers(0, 15)) == 0:
            found.append(("TXT", draw(record)))
        found += [
            ("A", ip) for ip in draw(st.lists(st.sampled_from(HOSTS4), max_size=2, unique=True))
        ]
        found += [
            ("AAAA", ip) for ip in draw(st.lists(st.sampled_from(HOSTS6), max_size=2, unique=True))
        ]
        hosts = draw(st.lists(st.sampled_from(NAMES + GONE), max_size=2, unique=True))
        found += [("MX", f"{10 * n} {host}") for n, host in enumerate(hosts)]
        if trouble and draw(st.integers(0, 9)) == 0:
            found = [draw(st.sampled_from([(TIMEOUT, ""), (BROKEN, "")]))]
        names[name] = found
    names["why.example"] = [("TXT", "no: %{i} %{l} %{d} %{h} %{c}")]
    for reverse in ("1.2.0.192.in-addr.arpa", "1.100.51.198.in-addr.arpa"):
        targets = draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))
        names[reverse] = [("PTR", target) for target in targets]
    return names
