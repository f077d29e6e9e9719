"""What models of forward value learn from the marts, month by month, and where that is kept.

Here belong terms of policy, what is read of the marts, how a model becomes points that SQL joins to
customers, and whether a fit is good. The models' mathematics does not belong here (see
orchestration/value), nor does any customer's prediction (see dbt_project/models/forward).
"""
