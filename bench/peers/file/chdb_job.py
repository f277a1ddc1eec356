"""bench/file.yaml's job in ClickHouse, by chdb: python chdb_job.py IN OUT"""
import sys

import chdb

# Customers' records count in the order of the file, which _row_number says; two of them may have the same Date.
JOB = """
INSERT INTO FUNCTION file('{out}', JSONEachRow)
WITH windows AS (
    SELECT *,
        avg(Amount) OVER (PARTITION BY CustomerID ORDER BY _row_number ROWS BETWEEN 19 PRECEDING AND CURRENT ROW)
            AS rolling_mean,
        count() OVER earlier AS n,
        avg(Amount) OVER earlier AS mean,
        stddevPop(Amount) OVER earlier AS sd
    FROM (
        SELECT *, _row_number
        FROM file('{in}', JSONEachRow,
            'CustomerID String, Date String, Amount Nullable(Float64), Age Nullable(Int64), Gender String,
             TransactionType String, Location Nullable(String), Device Nullable(String)')
        WHERE Amount > 50
    )
    WINDOW earlier AS (
        PARTITION BY CustomerID ORDER BY _row_number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT * EXCEPT (_row_number, n, mean, sd),
    if(n >= 5 AND sd > 0, (Amount - mean) / sd, 0) AS z,
    (abs(z) > 3)::Bool AS anomaly
FROM windows
SETTINGS engine_file_truncate_on_insert = 1
"""


def quoted(path):
    return path.replace("\\", "\\\\").replace("'", "\\'")


source, out = sys.argv[1:]
chdb.query(JOB.replace("{in}", quoted(source)).replace("{out}", quoted(out)))
