"""The segment part of a small good policy."""

from __future__ import annotations

SEGMENT_FILES = {
    "policy_segment_band.csv": """\
scheme,band,band_name,lower_bound,valid_from,valid_to,source
age_band,young,Young,,2019-01-01,,
age_band,old,Old,40,2019-01-01,2024-07-01,
age_band,old,Old,45,2024-07-01,,
income_band,low,Low,,2019-01-01,,
income_band,high,High,100000,2019-01-01,,
""",
    "policy_segment_group.csv": """\
income_band,is_insured,strategic_group,valid_from,valid_to,source
low,true,main_force,2019-01-01,,
low,false,maintain,2019-01-01,,
high,true,value,2019-01-01,,
high,false,nurture,2019-01-01,,
""",
}
# Numbers that have to lie below another one, so that not all can be as high as allowed.
SEGMENT_NUMBERS = {
    "segment_abc_a": "0.7",
    "segment_abc_literal_b": "0.3",
    "segment_satisfaction_b": "6",
}
