"""What is measured: one file a subject, each with its `MEASURE`."""
