"""What customers will bring: models of purchases, spend and retention, fitted by likelihood.

Here belong histories as counted by the engine, likelihoods, the search for their maximum, and each
model's predictions as a reference for those in SQL. Here do not belong Dagster, dbt or the
warehouse: arrays come in, parameters go out.
"""
