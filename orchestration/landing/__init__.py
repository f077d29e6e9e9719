"""The landing room: from delivered files to `raw` tables, the load ledger and the quarantine.

Belongs here: the extract contract, reading and checking files, the fate of every row
(accepted, duplicate, superseded, quarantined) and the record of what was loaded when.
Does not belong here: anything that knows what a column means to the business (staging and
later), gates, or Dagster. Rows never pass through Python; only bytes and file names do.
"""
