"""One fault per check: the statement that must make it fail."""

from __future__ import annotations

from tests.integration.expectations.faults_lifecycle import LIFECYCLE
from tests.integration.expectations.faults_rating import RATING
from tests.integration.expectations.faults_rating_backtest import RATING_BACKTEST
from tests.integration.expectations.faults_star import STAR
from tests.integration.expectations.faults_value import VALUE, VALUE_FACTS
from tests.integration.expectations.faults_value_matrix import VALUE_MATRIX

MARCH = "month = date '2024-03-01'"
TODAY = "known_on = date '2024-03-15'"

STAGING = {
    "stg_transactions.rows_equal_raw": (
        f"delete from staging.stg_transactions where {TODAY} and transaction_id like '%1'"
    ),
    "stg_channel_logins.rows_equal_raw": (
        f"insert into staging.stg_channel_logins from staging.stg_channel_logins where {TODAY}"
    ),
    "stg_channel_logins.corrections_equal_raw": (
        "delete from staging.stg_channel_logins where version_sign = -1"
    ),
    "stg_transactions.events_after_known": (
        f"update staging.stg_transactions set booked_on = date '2024-03-20' where {TODAY}"
    ),
    "stg_account_balances.events_after_known": (
        f"update staging.stg_account_balances set balance_on = known_on + 1 where {TODAY}"
    ),
    "customer_identity.key_collisions": (
        "insert into vault.customer_identity select * replace ('C99999' as customer_id, "
        "date '2024-03-15' as known_on) from vault.customer_identity where customer_id = "
        "'C7'"
    ),
    "account_identity.key_collisions": (
        "insert into vault.account_identity select * replace ('A99999' as account_id, "
        "date '2024-03-15' as known_on) from vault.account_identity limit 1"
    ),
    "loan_identity.key_collisions": (
        "insert into vault.loan_identity select * replace ('L99999' as loan_id, "
        "date '2024-03-15' as known_on) from vault.loan_identity limit 1"
    ),
    "customer_identity.reserved_key": (
        "insert into vault.customer_identity select * replace (0 as customer_key, date "
        "'2024-03-15' as known_on) from vault.customer_identity limit 1"
    ),
    "account_identity.reserved_key": (
        "insert into vault.account_identity select * replace (0 as account_key, date "
        "'2024-03-15' as known_on) from vault.account_identity limit 1"
    ),
    "loan_identity.reserved_key": (
        "insert into vault.loan_identity select * replace (0 as loan_key, date "
        "'2024-03-15' as known_on) from vault.loan_identity limit 1"
    ),
    "stg_transactions.unknown_account": (
        "delete from staging.stg_accounts where account_key = (select min(account_key) "
        f"from staging.stg_transactions where {TODAY})"
    ),
    "stg_account_balances.unknown_account": (
        "delete from staging.stg_accounts where account_key = (select min(account_key) "
        f"from staging.stg_account_balances where {TODAY})"
    ),
    "stg_accounts.unknown_customer": (
        "update staging.stg_accounts set known_on = date '2024-03-15', customer_key = 5 "
        "where account_key = (select min(account_key) from staging.stg_accounts)"
    ),
    "stg_external_assets.unknown_customer": (
        f"update staging.stg_external_assets set customer_key = 5 where {TODAY}"
    ),
    **{
        f"stg_{table}.unknown_customer": (
            f"update staging.stg_{table} set known_on = date '2024-03-15', customer_key = 5 where "
            f"customer_key = (select min(customer_key) from staging.stg_{table})"
        )
        for table in ("financial_statements", "qualitative_assessments", "rating_decisions")
    },
    "stg_financial_statements.statement_signs": (
        "update staging.stg_financial_statements set known_on = date '2024-03-15', "
        "interest_expense = -interest_expense - 1"
    ),
    "stg_financial_statements.statement_balances": (
        "update staging.stg_financial_statements set known_on = date '2024-03-15', "
        "equity = equity + total_assets / 50"
    ),
    "stg_rating_decisions.decisions_decide": (
        "update staging.stg_rating_decisions set known_on = date '2024-03-15', "
        "kind = 'override', grade = null, expires_on = null"
    ),
    "stg_loans.unknown_account": (
        "update staging.stg_loans set known_on = date '2024-03-15', account_key = 5"
    ),
    "stg_loans.unknown_customer": (
        "update staging.stg_loans set known_on = date '2024-03-15', customer_key = 5"
    ),
    "stg_loan_performance.unknown_loan": "delete from staging.stg_loans",
    "stg_accounts.unknown_product": (
        "update staging.stg_accounts set known_on = date '2024-03-15', product_id = 'X' "
        "where account_key = (select min(account_key) from staging.stg_accounts)"
    ),
    "stg_transactions.unknown_account_share": (
        "insert into staging.stg_transactions select 'n' || i, i, date '2024-03-15', 1, "
        "'cash', 'atm', null, false, date '2024-03-15', 1 from range(100) as r(i)"
    ),
    "stg_account_balances.unknown_account_share": (
        "insert into staging.stg_account_balances select i, date '2024-03-15', date "
        "'2024-03-15', 1 from range(100) as r(i)"
    ),
    "stg_accounts.unknown_customer_share": (
        "update staging.stg_accounts set known_on = date '2024-03-15', customer_key = 5"
    ),
    "stg_accounts.unknown_product_share": (
        "update staging.stg_accounts set known_on = date '2024-03-15', product_id = 'X'"
    ),
    "stg_loan_performance.unknown_loan_share": (
        "insert into staging.stg_loan_performance select i, date '2024-02-29', date "
        "'2024-03-15', 0, 1, false from range(100) as r(i)"
    ),
    "customer_identity.personal_columns": (
        "create table marts.call_list as select customer_key, phone from vault.customer_identity"
    ),
}

FACTS = {
    "int_account_balance_month.closing_is_latest_known": (
        "update facts.int_account_balance_month set closing_balance = closing_balance + "
        f"0.01 where {MARCH}"
    ),
    "int_balance_changes.closing_moves_by_changes": (
        "insert into facts.int_balance_changes select * from facts.int_balance_changes "
        "where known_on >= date '2024-03-01'"
    ),
    "int_account_balance_month.accounts_kept": (
        f"delete from facts.int_account_balance_month where {MARCH} and account_key % 50 = 0"
    ),
    "fct_customer_month.one_row_per_customer": (
        f"insert into facts.fct_customer_month from facts.fct_customer_month where {MARCH} "
        "and customer_key % 20 = 0"
    ),
    "fct_customer_month.closing_equal_accounts": (
        "update facts.fct_customer_month set demand_closing = demand_closing + 0.01 where "
        f"{MARCH} and customer_key = (select max(customer_key) from "
        "facts.fct_customer_month)"
    ),
    "fct_customer_month.balance_days_equal_accounts": (
        f"update facts.fct_customer_month set wealth_balance_days = 0 where {MARCH}"
    ),
    "fct_customer_month.unassigned_balances": (
        f"update facts.fct_customer_month set customer_key = 0 where {MARCH} and "
        "customer_key = (select max(customer_key) from facts.fct_customer_month)"
    ),
    "fct_customer_month.transactions_equal_staging": (
        f"update facts.fct_customer_month set transactions = transactions + 1 where {MARCH}"
    ),
    "fct_customer_month.net_flow_equal_staging": (
        f"update facts.fct_customer_month set inflow = inflow + 0.01 where {MARCH}"
    ),
    "fct_customer_month.income_equal_staging": (
        f"update facts.fct_customer_month set income = 1 where {MARCH}"
    ),
    "fct_customer_month.cost_equal_staging": (
        f"update facts.fct_customer_month set cost = 0 where {MARCH} and customer_key % 9 = 0"
    ),
    "fct_customer_month.logins_equal_staging": (
        f"update facts.fct_customer_month set logins = logins * 2 where {MARCH}"
    ),
    "fct_customer_month.complaints_equal_staging": (
        f"update facts.fct_customer_month set complaints = 0 where {MARCH}"
    ),
    "fct_customer_month.own_transactions_equal_staging": (
        f"update facts.fct_customer_month set own_transactions = 0 where {MARCH}"
    ),
    "fct_customer_month.survey_score_equal_staging": (
        f"update facts.fct_customer_month set survey_score = surveys where {MARCH}"
    ),
    "fct_customer_month.leads_equal_staging": (
        f"update facts.fct_customer_month set leads = 2 * leads where {MARCH}"
    ),
    "int_loan_month.loans_kept": (
        "delete from facts.int_loan_month where month = date '2024-03-01' and loan_key % 9 = 0"
    ),
    "fct_customer_month.outstanding_equal_loans": (
        f"update facts.fct_customer_month set loan_outstanding = loan_outstanding + 0.01 "
        f"where {MARCH} and customer_key = (select max(customer_key) from "
        "facts.fct_customer_month)"
    ),
    "fct_customer_trail.one_row_per_trail": (
        f"insert into facts.fct_customer_trail from facts.fct_customer_trail where {MARCH} "
        "and customer_key % 20 = 0"
    ),
    "fct_customer_trail.trails_kept": (
        f"delete from facts.fct_customer_trail where {MARCH} and customer_key % 20 = 0"
    ),
    "fct_customer_trail.own_transactions_add_up": (
        "update facts.fct_customer_trail set total_own_transactions = total_own_transactions + 1 "
        f"where {MARCH} and customer_key % 20 = 0"
    ),
    "fct_customer_trail.turnover_add_up": (
        f"update facts.fct_customer_trail set total_turnover = total_inflow where {MARCH}"
    ),
    "fct_customer_trail.income_add_up": (
        "update facts.fct_customer_trail set total_income = 0 where month = date '2024-02-01'"
    ),
    "fct_customer_trail.cost_add_up": (
        f"update facts.fct_customer_trail set total_cost = total_cost - 0.01 where {MARCH}"
    ),
    "fct_customer_trail.deposit_balance_days_add_up": (
        f"update facts.fct_customer_trail set total_deposit_balance_days = 0 where {MARCH}"
    ),
    "int_customer_transactions.ledger_ties": (
        "delete from staging.stg_transactions where hash(transaction_id) % 3 = 0"
    ),
    "int_customer_transactions.ledger_difference": (
        "update staging.stg_transactions set amount = amount * 2"
    ),
}

MARTS = {
    "tier_month.population_judged_once": (
        f"delete from marts.tier_month where {MARCH} and customer_key % 20 = 0"
    ),
    "tier_month.one_verdict": (
        f"insert into marts.tier_month from marts.tier_month where {MARCH} and "
        "customer_key % 20 = 0"
    ),
    "tier_month.measured_in_bounds": (
        f"update marts.tier_month set measure_amount = 49999.99 where {MARCH} and "
        "measured_tier = 'gold'"
    ),
    "tier_month.held_not_below_measured": (
        f"update marts.tier_month set tier_rank = 1 where {MARCH} and measured_rank = 2"
    ),
    "tier_month.held_in_policy": (
        f"update marts.tier_month set next_bound = next_bound + 1 where {MARCH}"
    ),
    "tier_month.explanation_re_adds": (
        f"update marts.tier_month set gap_to_next = gap_to_next - 0.01 where {MARCH}"
    ),
    "tier_distribution.distribution_adds_up": (
        f"update marts.tier_distribution set customers = customers + 1 where {MARCH} and "
        "tier = 'gold'"
    ),
    "tier_distribution.shares_add_to_one": (
        "update marts.tier_distribution set customer_share = customer_share + 0.0001 "
        f"where {MARCH} and tier = 'gold'"
    ),
    "tier_distribution.distribution_drift": (
        "update marts.tier_distribution set customer_share = case tier when 'gold' then "
        f"0.9 else 0.05 end where {MARCH}"
    ),
    "customer_month.same_people_as_lifecycle_month": (
        f"delete from marts.lifecycle_month where {MARCH} and customer_key % 20 = 0"
    ),
    "customer_month.same_people_as_star_month": (
        f"insert into marts.star_month from marts.star_month where {MARCH} and "
        "customer_key % 20 = 0"
    ),
    "customer_month.same_people_as_segment_month": (
        f"update marts.segment_month set customer_key = customer_key + 1 where {MARCH} and "
        "customer_key % 20 = 0"
    ),
    "verdict_movement.movements_balance": (
        "insert into marts.verdict_movement select * replace (date '2024-03-01' as month) "
        "from marts.verdict_movement where month = date '2024-02-01'"
    ),
    "verdict_change.every_move_is_told": (
        "insert into marts.verdict_change select * replace (date '2024-03-01' as month) "
        "from marts.verdict_change where month = date '2024-02-01'"
    ),
    "customer_cross.cross_table_adds_up": (
        f"update marts.customer_cross set customers = customers + 1 where {MARCH}"
    ),
    "tier_watch_list.watch_list_is_current": (
        "update marts.tier_watch_list set measure_amount = measure_amount + 0.01"
    ),
    "segment_month.population_judged_once": (
        f"delete from marts.segment_month where {MARCH} and customer_key % 20 = 0"
    ),
    "segment_month.explanation_re_derives": (
        f"update marts.segment_month set frequent_count = 0 where {MARCH}"
    ),
    "segment_month.bands_in_policy": (
        f"update marts.segment_month set strategic_group = 'value' where {MARCH} and "
        "customer_key % 20 = 0"
    ),
    "segment_distribution.distribution_adds_up": (
        f"delete from marts.segment_distribution where {MARCH} and scheme = 'age_band' and "
        "segment = 'unknown'"
    ),
    "segment_distribution.shares_add_to_one": (
        "update marts.segment_distribution set customer_share = customer_share + 0.0001 "
        f"where {MARCH} and segment = 'unknown'"
    ),
    "segment_penetration.penetration_adds_up": (
        f"update marts.segment_penetration set premium = premium + 0.01 where {MARCH}"
    ),
}
MARTS |= STAR
MARTS |= LIFECYCLE
MARTS |= VALUE
MARTS |= VALUE_MATRIX
MARTS |= RATING
MARTS |= RATING_BACKTEST
FACTS |= VALUE_FACTS
# Migration is between closed months: judged in the window that closed February.
MIGRATION = {
    "lost stayers": (
        "update marts.tier_migration set customers = customers - 1 where from_tier = "
        "to_tier and month = date '2024-02-01'"
    ),
    "invented arrivals": (
        "insert into marts.tier_migration select * replace ('new' as from_tier, 0 as "
        "from_rank) from marts.tier_migration where month = date '2024-02-01' and "
        "from_tier = to_tier"
    ),
    "no matrix at all": ("delete from marts.tier_migration where month = date '2024-02-01'"),
}
