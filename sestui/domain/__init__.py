"""What sestui knows about Amazon SES, DNS and mail. Pure: no I/O, no clock."""
