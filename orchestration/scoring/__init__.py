"""Cards in force, applied to every month and watched: what the bank's scores are, and how they do.

Here belong which card scores which months, the tables of scores and cards beside other fits, and
what is counted of scores and outcomes to watch a card. How a card becomes points does not belong
here (see orchestration/credit), nor which card is in force (see orchestration/cards), nor what
follows from a score for a customer (see dbt_project/models/forward/credit).
"""
