"""Benchmarks: ours and a bare reference, round by round in one run, on real servers: `python -m tests.bench`."""
