"""The practice account: SES, its neighbours, DNS and a mailbox on loopback sockets."""
