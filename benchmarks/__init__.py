"""Measurements that can be repeated: `make bench` writes docs/benchmarks.md."""
