"""The warehouse's figures a second time: row at a time, day by day, in plain Python.

Belongs here: slow and obvious computations on decimals and dates, straight from deliveries and
policy rows, written from the rules and not from the models. Does not belong here: anything that
imports the project, reads a database or cares about speed.
"""
