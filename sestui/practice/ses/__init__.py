"""Amazon SES of the practice account: API v2 over HTTP, and v1's VerifyEmailIdentity."""
