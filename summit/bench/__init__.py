"""The benchmarks: the program, the limit of the machine and what else people would pick, side by side in one run."""
