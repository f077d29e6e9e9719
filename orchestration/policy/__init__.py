"""Policy as data: reading and checking the policy files before anything is built from them.

Here belong what a row of each policy file may hold, what the files must say together, and their
fingerprint. Here do not belong the policies themselves (dbt_project/seeds/policy), what the models
make of them (dbt), or the gate that reports problems (expectations.policy).
"""
