"""The commands of `tenure`, a room per kind: they parse, call one thing, print, and refuse.

Here belong arguments, their help and the words printed around a result. Here do not belong the work
itself or the tables printed (orchestration.reports). Heavy imports stand inside the commands:
`tenure --help` answers at once.
"""
