"""Names that several asset modules and the gates share."""

from dagster import BackfillPolicy, Backoff, RetryPolicy

# One op at a time may write; `dagster.yaml` gives every pool a single slot.
WRITER_POOL = "duckdb_writer"
# A range of days is one run: it costs little more than its rows would in a day.
ONE_RUN = BackfillPolicy.single_run()
# For a disk or lock that is busy for a moment; data that is wrong stays wrong.
RETRIES = RetryPolicy(max_retries=1, delay=10, backoff=Backoff.LINEAR)
DATA_ENGINEERING = "data-engineering@bank.example"
CUSTOMER_VALUE = "customer-value@bank.example"
