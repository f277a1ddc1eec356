"""bench/file.yaml's job in Polars, lazily and by its streaming engine: python polars_job.py IN OUT"""
import sys

import polars as pl

SCHEMA = {
    "CustomerID": pl.String,
    "Date": pl.String,
    "Amount": pl.Float64,
    "Age": pl.Int64,
    "Gender": pl.String,
    "TransactionType": pl.String,
    "Location": pl.String,
    "Device": pl.String,
}

source, out = sys.argv[1:]
amount = pl.col("Amount")
# Of the customer's earlier records: sums up to this one, less this one.
n = pl.int_range(pl.len())
mean = (amount.cum_sum() - amount) / n
mean_square = ((amount**2).cum_sum() - amount**2) / n
sd = (mean_square - mean**2).clip(lower_bound=0).sqrt()
z = pl.when(n >= 5, sd > 0).then((amount - mean) / sd).otherwise(0.0)

(
    pl.scan_ndjson(source, schema=SCHEMA)
    .filter(amount > 50)
    .with_columns(
        rolling_mean=amount.rolling_mean(20, min_samples=1).over("CustomerID"),
        z=z.over("CustomerID"),
    )
    .with_columns(anomaly=pl.col("z").abs() > 3)
    .sink_ndjson(out, engine="streaming")
)
