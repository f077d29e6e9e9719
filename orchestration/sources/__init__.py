"""Adapters from public or vendor formats to the landing contract, one package per source.

Belongs here: reading a foreign format, the documented map of its codes to the contract's, and
the daily deliveries that come out. Does not belong here: reading the landing zone, quarantine
or anything that judges data (orchestration/landing), and invented data (sample_bank).
"""
