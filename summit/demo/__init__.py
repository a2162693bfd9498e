"""The demo summit."""
