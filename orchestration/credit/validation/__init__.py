"""Whether grades are any good: what they foretold, held against what happened.

Here belong statistics of counts per grade: default rates and their intervals, order, ranking,
calibration against a master scale, concentration, migration, overrides. Grades stand in the order
from best to worst everywhere. Here do not belong Dagster, dbt, the warehouse, how a grade is given,
or the numbers of a policy: levels and horizons come in.
"""
