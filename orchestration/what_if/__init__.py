"""What another policy would have said: past months judged again in a scratch file.

Here belong the scratch warehouse, the challenger's files in it, and who is judged otherwise. Here
do not belong the judgement itself (the same dbt models as every run's) or anything that writes to
the warehouse or to what is published.
"""
