"""Past months judged again in a scratch file: under another policy, or with today's knowledge.

Here belong the scratch warehouse, what is put into it instead of what was there, and who is judged
otherwise. Here do not belong the judgement itself (the same dbt models as every run's) or anything
that writes to the warehouse or to what is published.
"""
