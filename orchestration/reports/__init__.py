"""What people are shown: answers read from the published version or the warehouse, and charts.

Belongs here: queries for a person's question and their layout. Does not belong here: anything that
changes state, and any rule: a verdict is read, never computed again.
"""
