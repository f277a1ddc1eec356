"""bench/file.yaml's job in DuckDB: python duckdb_job.py IN OUT"""
import sys

import duckdb

JOB = """
COPY (
    WITH records AS (
        -- Customers' records count in the order of the file; two of them may have the same Date.
        SELECT row_number() OVER () AS place, *
        FROM read_ndjson($in, columns = {
            CustomerID: 'VARCHAR', Date: 'VARCHAR', Amount: 'DOUBLE', Age: 'BIGINT', Gender: 'VARCHAR',
            TransactionType: 'VARCHAR', Location: 'VARCHAR', Device: 'VARCHAR'})
    ), windows AS (
        SELECT *,
            avg(Amount) OVER (customer ROWS 19 PRECEDING) AS rolling_mean,
            count(*) OVER earlier AS n,
            avg(Amount) OVER earlier AS mean,
            stddev_pop(Amount) OVER earlier AS sd
        FROM records
        WHERE Amount > 50
        WINDOW
            customer AS (PARTITION BY CustomerID ORDER BY place),
            earlier AS (PARTITION BY CustomerID ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), scores AS (
        SELECT *, CASE WHEN n >= 5 AND sd > 0 THEN (Amount - mean) / sd ELSE 0 END AS z
        FROM windows
    )
    SELECT * EXCLUDE (place, n, mean, sd, z), z, abs(z) > 3 AS anomaly
    FROM scores
) TO '{out}' (FORMAT json)
"""

source, out = sys.argv[1:]
# COPY takes no parameter as its target.
duckdb.execute(JOB.replace("{out}", out.replace("'", "''")), {"in": source})
