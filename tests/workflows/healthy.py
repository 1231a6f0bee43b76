"""Zones that look odd, and in which nothing is wrong."""

from __future__ import annotations

from tests.workflows.zones import D1, FEEDBACK, GOOD1, KEY, T1, T2, Fixture, V

HEALTHY = [
    Fixture("well", V.OK),
    Fixture(
        "case",
        V.OK,
        plus=f"{T1.upper()}._DomainKey.EXAMPLE.com. CNAME {T1}.DKIM.AmazonSES.com.\n",
        without=("dkim1",),
    ),
    Fixture(
        "foreign-tokens",
        V.OK,
        plus="".join(
            f"foreign{n}._domainkey.example.com. CNAME foreign{n}.dkim.amazonses.com.\n"
            for n in range(15)
        ),
    ),
    Fixture(
        "other-region-mx",
        V.OK,
        without=("mx",),
        plus="mail.example.com. MX 5 feedback-smtp.us-east-1.amazonses.com.\n",
    ),
    Fixture("mx-preference", V.OK, without=("mx",), plus=f"mail.example.com. MX 0 {FEEDBACK}\n"),
    Fixture(
        "flattened",
        V.OK,
        without=("dkim1", "dkim2"),
        plus=f'{D1} TXT "{KEY[:200]}" "{KEY[200:]}"\n{T2}._domainkey.example.com. TXT "p="\n',
    ),
    Fixture(
        "own-alias-between",
        V.OK,
        without=("dkim1",),
        plus=f"{D1} CNAME k1.example.com.\nk1.example.com. CNAME {GOOD1}\n",
    ),
    Fixture(
        "right-wildcard",
        V.OK,
        without=("mx", "spf"),
        plus=f"*.example.com. MX 10 {FEEDBACK}\n"
        '*.example.com. TXT "v=spf1 include:amazonses.com ~all"\n',
    ),
    Fixture(
        "split-strings",
        V.OK,
        without=("spf",),
        plus='mail.example.com. TXT "v=spf1 include:amaz" "onses.com -all"\n',
    ),
    Fixture(
        "spf-wrapper",
        V.OK,
        without=("spf",),
        plus='mail.example.com. TXT "v=spf1 include:dc-1._spfm.example.com ~all"\n'
        'dc-1._spfm.example.com. TXT "v=spf1 include:amazonses.com ~all"\n',
    ),
    Fixture(
        "spf-capitals",
        V.OK,
        without=("spf",),
        plus='mail.example.com. TXT "V=SPF1 mx INCLUDE:AmazonSES.com ~ALL"\n',
    ),
    Fixture(
        "other-texts",
        V.OK,
        plus='mail.example.com. TXT "verification=1"\n_dmarc.example.com. TXT "hello"\n',
    ),
    Fixture(
        "strict-dmarc",
        V.OK,
        without=("dmarc",),
        plus='_dmarc.example.com. TXT "v=DMARC1; p=reject; adkim=s; aspf=s"\n',
    ),
    Fixture(
        "hosted-dmarc",
        V.OK,
        without=("dmarc",),
        plus='_dmarc.example.com. CNAME d.example.com.\nd.example.com. TXT "v=DMARC1; p=none"\n',
    ),
    Fixture(
        "long-dmarc",
        V.OK,
        without=("dmarc",),
        plus='_dmarc.example.com. TXT "v=DMARC1; p=none; '
        "rua=mailto:" + "a" * 60 + '@example.com" "; sp=none"\n',
    ),
]
