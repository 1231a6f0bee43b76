"""The practice Internet's name server: authoritative, on loopback, over UDP and TCP."""
