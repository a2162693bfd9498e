"""The documentation, as Markdown files that the program shows."""
