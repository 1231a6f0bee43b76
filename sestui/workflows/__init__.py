"""What a person wants done, once, for the wizard and for the headless commands."""
