"""Runnable benchmarks: they print ratios against a bare baseline measured in the same run.

Belongs here: what measures. Does not belong here: tests (nothing here passes or fails).
"""
