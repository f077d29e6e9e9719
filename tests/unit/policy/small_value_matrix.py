"""A small good policy of the value matrix, in force with the tiers of the small policy."""

from __future__ import annotations

SMALL_VALUE_MATRIX = {
    "policy_value_indicator.csv": """\
indicator,indicator_name,axis,measure,weight,full_at,valid_from,valid_to
asset_business,Loans,current,loan_income,0.6,5000,2019-01-01,
liability_business,Deposits,current,deposit_income,0.4,5000,2019-01-01,2024-07-01
liability_business,Deposits,current,average_deposits,0.4,90000,2024-07-01,
maintenance,Keeping,cost,maintenance_cost,1,5000,2019-01-01,
products,Products,potential,products_held,1,5,2019-01-01,
""",
}
