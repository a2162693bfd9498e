"""Programme files: one module a format, all reading and writing the same plain values."""
