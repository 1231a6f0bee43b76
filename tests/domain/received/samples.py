"""Mails as receivers write them; the names and numbers in them are made up."""

from __future__ import annotations

SES_ID = "0102019730a1b2c3-11111111-2222-3333-4444-555555555555-000000"
OWN = """DKIM-Signature: v=1; a=rsa-sha256; q=dns/txt; c=relaxed/simple;
\ts=abcdefghijklmnopqrstuvwxyz012345; d=example.com; t=1748859003;
\th=From:To:Subject:MIME-Version:Content-Type:Message-ID:Date:List-Unsubscribe:List-Unsubscribe-Post;
\tbh=AAAA=; b=Xy12AbCdEfGh
"""
AMAZON = """DKIM-Signature: v=1; a=rsa-sha256; q=dns/txt; c=relaxed/simple;
\ts=6gbrjpgwjskckoa6a5zn6fwqkn67xbtw; d=amazonses.com; t=1748859003;
\th=From:To:Subject:MIME-Version:Content-Type:Message-ID:Date:Feedback-ID;
\tbh=AAAA=; b=QwErTyUiOpAs
"""
WRITTEN = f"""From: "Example, Inc." <hello@example.com>
To: someone@gmail.com
Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Message-ID: <{SES_ID}@eu-west-1.amazonses.com>
Date: Mon, 2 Jun 2025 10:10:03 +0000
Feedback-ID: ::1.eu-west-1.abc123=:AmazonSES
X-SES-Outgoing: 2025.06.02-54.240.8.30
"""
GMAIL_TOP = """Delivered-To: someone@gmail.com
Received: by 2002:a05:6a10:1234:b0:5f2:aaaa:bbbb with SMTP id x9csp1234567pxc;
        Mon, 2 Jun 2025 03:10:06 -0700 (PDT)
X-Received: by 2002:a05:620a:abc with SMTP id x;
        Mon, 02 Jun 2025 03:10:05 -0700 (PDT)
ARC-Seal: i=1; a=rsa-sha256; t=1748859005; cv=none;
        d=google.com; s=arc-20240605;
        b=AAAA
ARC-Authentication-Results: i=1; mx.google.com;
       dkim=pass header.i=@example.com header.s=abcdefghijklmnopqrstuvwxyz012345 header.b=Xy12AbCd;
       spf=pass smtp.mailfrom=0102@mail.example.com;
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=example.com
Return-Path: <0102@mail.example.com>
Received: from a8-30.smtp-out.eu-west-1.amazonses.com (a8-30.smtp-out.eu-west-1.amazonses.com. [54.240.8.30])
        by mx.google.com with ESMTPS id af79cd13be357-7d5f1c2d3e4si123456785a.12.2025.06.02.03.10.04
        for <someone@gmail.com>
        (version=TLS1_2 cipher=ECDHE-ECDSA-AES128-GCM-SHA256 bits=128/128);
        Mon, 02 Jun 2025 03:10:04 -0700 (PDT)
Received-SPF: pass (google.com: domain of 0102@mail.example.com designates 54.240.8.30 as permitted sender) client-ip=54.240.8.30;
"""  # noqa: E501
GMAIL_WITH_TLS = """ESMTPS id af79cd13be357-7d5f1c2d3e4si123456785a.12.2025.06.02.03.10.04
        for <someone@gmail.com>
        (version=TLS1_2 cipher=ECDHE-ECDSA-AES128-GCM-SHA256 bits=128/128);"""
GMAIL_RESULTS = """Authentication-Results: mx.google.com;
       dkim=pass header.i=@example.com header.s=abcdefghijklmnopqrstuvwxyz012345 header.b=Xy12AbCd;
       dkim=pass header.i=@amazonses.com header.s=6gbrjpgwjskckoa6a5zn6fwqkn67xbtw header.b=QwErTyUi;
       spf=pass (google.com: domain of 0102@mail.example.com designates 54.240.8.30 as permitted
       sender) smtp.mailfrom=0102@mail.example.com;
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=example.com
"""  # noqa: E501
GMAIL = GMAIL_TOP + GMAIL_RESULTS + OWN + AMAZON + WRITTEN

OUTLOOK_RESULTS = """Authentication-Results: spf=pass (sender IP is 54.240.8.30)
 smtp.mailfrom=mail.example.com; dkim=pass (signature was verified)
 header.d=example.com;dkim=pass (signature was verified)
 header.d=amazonses.com;dmarc=pass action=none
 header.from=example.com;compauth=pass reason=100
"""
OUTLOOK = (
    """Received: from AS8PR04MB0000.eurprd04.prod.outlook.com (2603:10a6:20b:1::1) by
 DB9PR04MB0001.eurprd04.prod.outlook.com with HTTPS; Mon, 2 Jun 2025 10:10:09
 +0000
Received: from AM0EUR02FT000.eop-EUR02.prod.protection.outlook.com
 (2603:10a6:20b:2:cafe::1) by AS8PR04MB0000.outlook.office365.com
 (2603:10a6:20b:3::1) with Microsoft SMTP Server (version=TLS1_3,
 cipher=TLS_AES_256_GCM_SHA384) id 15.20.8769.31 via Frontend Transport; Mon, 2
 Jun 2025 10:10:07 +0000
"""
    + OUTLOOK_RESULTS
    + """Received-SPF: Pass (protection.outlook.com: domain of mail.example.com designates
 54.240.8.30 as permitted sender) receiver=protection.outlook.com;
 client-ip=54.240.8.30; helo=a8-30.smtp-out.eu-west-1.amazonses.com; pr=C
Received: from a8-30.smtp-out.eu-west-1.amazonses.com (54.240.8.30) by
 AM0EUR02FT000.mail.protection.outlook.com (10.13.54.1) with Microsoft SMTP
 Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id
 15.20.8769.29 via Frontend Transport; Mon, 2 Jun 2025 10:10:05 +0000
"""
    + OWN
    + AMAZON
    + WRITTEN
    + """Return-Path: 0102@mail.example.com
X-Forefront-Antispam-Report:
 CIP:54.240.8.30;CTRY:IE;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM;H:a8-30.smtp-out.eu-west-1.amazonses.com;CAT:NONE;
"""
)
YAHOO = (
    """Received: from 10.222.1.1
 by atlas-production.v2-mail-prod1-ir2.omega.yahoo.com with HTTPS; Mon, 2 Jun 2025 10:10:05 +0000
Return-Path: <0102@mail.example.com>
Received-SPF: pass (domain of mail.example.com designates 54.240.8.30 as permitted sender)
Authentication-Results: atlas-production.v2-mail-prod1-ir2.omega.yahoo.com;
 dkim=pass header.i=@example.com header.s=abcdefghijklmnopqrstuvwxyz012345;
 dkim=pass header.i=@amazonses.com header.s=6gbrjpgwjskckoa6a5zn6fwqkn67xbtw;
 spf=pass smtp.mailfrom=mail.example.com;
 dmarc=pass(p=NONE) header.from=example.com;
Received: from 54.240.8.30 (EHLO a8-30.smtp-out.eu-west-1.amazonses.com)
 by 10.222.1.1 with SMTPs
 (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256);
 Mon, 2 Jun 2025 10:10:04 +0000
"""
    + OWN
    + AMAZON
    + WRITTEN
)
FASTMAIL = (
    """Return-Path: <0102@mail.example.com>
Received: from phl-compute-01.internal (phl-compute-01.internal [10.202.2.41])
\t by sloti1d1t01 (Cyrus 3.13.0) with LMTPA;
\t Mon, 02 Jun 2025 06:10:06 -0400
Authentication-Results: mx3.messagingengine.com;
    bimi=skipped (DMARC did not pass);
    arc=none (no signatures found)
Authentication-Results: mx3.messagingengine.com;
    dkim=pass (2048-bit rsa key sha256) header.d=example.com
      header.i=@example.com header.b=Xy12AbCd header.a=rsa-sha256
      header.s=abcdefghijklmnopqrstuvwxyz012345 x-bits=2048;
    dkim=pass (1024-bit rsa key sha256) header.d=amazonses.com header.b="QwErTyUi";
    dmarc=pass policy.published-domain-policy=none
      policy.evaluated-disposition=none (p=none,has-list-id=no,d=none) header.from=example.com;
    iprev=pass smtp.remote-ip=54.240.8.30 (a8-30.smtp-out.eu-west-1.amazonses.com);
    spf=pass smtp.mailfrom=0102@mail.example.com
      smtp.helo=a8-30.smtp-out.eu-west-1.amazonses.com
Received: from a8-30.smtp-out.eu-west-1.amazonses.com (a8-30.smtp-out.eu-west-1.amazonses.com [54.240.8.30])
\t(using TLSv1.3 with cipher TLS_AES_128_GCM_SHA256 (128/128 bits)
\t key-exchange X25519 server-signature RSA-PSS (2048 bits))
\t(No client certificate requested)
\tby mailmx.nyi.internal (Postfix) with ESMTPS id 0000
\tfor <me@fastmail.com>; Mon, 02 Jun 2025 06:10:05 -0400 (EDT)
"""  # noqa: E501
    + OWN
    + AMAZON
    + WRITTEN
)
PRACTICE = (
    """Return-Path: <0102@mail.example.com>
Delivered-To: you@elsewhere.example
Received: from a1-1.smtp-out.eu-west-1.amazonses.com ([127.0.0.1])
\tby mx.practice.example with ESMTPS id abc
\tfor <you@elsewhere.example>
\t(version=TLSv1.3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128);
\tMon, 02 Jun 2025 10:10:03 +0000
Authentication-Results: mx.practice.example;
\tdkim=pass header.d=example.com header.s=abcdefghijklmnopqrstuvwxyz012345 header.b="Xy12AbCd";
\tdkim=pass header.d=amazonses.com header.s=6gbrjpgwjskckoa6a5zn6fwqkn67xbtw header.b="QwErTyUi";
\tspf=pass smtp.mailfrom=mail.example.com;
\tdmarc=pass (p=none) header.from=example.com
"""
    + OWN
    + AMAZON
    + WRITTEN
)
RECEIVERS = {
    "Gmail": GMAIL,
    "Microsoft": OUTLOOK,
    "Yahoo": YAHOO,
    "Fastmail": FASTMAIL,
    "practice": PRACTICE,
}
