"""A small good star policy, in force with the tiers of the small policy."""

from __future__ import annotations

SMALL_STAR = {
    "policy_star_dimension.csv": """\
dimension,dimension_name,weight,valid_from,valid_to
asset_size,Assets,0.8,2020-01-01,
credit_record,Credit,0.2,2020-01-01,
""",
    "policy_star_measure.csv": """\
dimension,measure,weight,better,valid_from,valid_to
asset_size,average_assets,1,more,2020-01-01,
credit_record,days_past_due,0.6,less,2020-01-01,
credit_record,loans_in_default,0.4,less,2020-01-01,
""",
    "policy_star_score.csv": """\
measure,step,lower_bound,points,valid_from,valid_to
average_assets,1,,0,2020-01-01,
average_assets,2,1000,100,2020-01-01,2024-07-01
average_assets,2,2000,100,2024-07-01,
average_assets,3,50000,900,2020-01-01,
days_past_due,1,,500,2020-01-01,
days_past_due,2,1,0,2020-01-01,
loans_in_default,1,,500,2020-01-01,
""",
    "policy_star_band.csv": """\
grade_rank,grade_code,grade_name,lower_bound,lower_inclusive,valid_from,valid_to
1,unrated,Unrated,,true,2020-01-01,
2,quasi,Quasi,0,false,2020-01-01,
3,three,Three,50,true,2020-01-01,2024-07-01
3,three,Three,60,true,2024-07-01,
""",
}
