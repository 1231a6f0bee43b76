"""From an AWS account to mail that is delivered, authenticated and monitored."""

# Written here because importlib.metadata would cost the first frame some 45 ms.
__version__ = "0.1.0"
