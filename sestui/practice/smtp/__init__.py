"""The SMTP interface of the practice account's SES: email-smtp.REGION.amazonaws.com on loopback."""
