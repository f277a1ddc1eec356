#!/bin/bash
# Cleans payments and says how risky each is, by a model that was trained before and by one that learns on; then follows the
# changes of a database's table and learns from the verdicts in them.
#   [ROWS=40000] run.sh [--kafka BROKERS] [--out DIR]     DIR: build/examples/transactions
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../common.sh"
begin transactions "$@"
export MODEL=$OUT/risk.onnx
rows=${ROWS:-40000}
rm -f "$OUT"/{features.csv,dead_features.ndjson,alerts.ndjson,streamed.ndjson,judged.ndjson,dead_changes.ndjson}

# judge FILE TRUTH SAID...: how well columns say what is true, by the records that came out.
judge() {
  local file=$1 truth=$2 said
  shift 2
  printf '   %-15s %10s %10s %10s\n' '' flagged precision recall
  for said in "$@"; do
    awk -v truth="\"$truth\":(1|true)[,}]" -v said="\"$said\":(1|true)[,}]" -v name="$said" '
      { odd = $0 ~ truth; flagged = $0 ~ said; all += odd; n += flagged; hit += odd && flagged }
      END { printf "   %-15s %10d %9.1f%% %9.1f%%\n", name, n, n ? 100 * hit / n : 0, all ? 100 * hit / all : 0 }' "$file"
  done
}

echo "1. Make payments: a history, and what comes after it; one in 50 is sent twice, one in 100 is odd"
"$WEIR" generate transactions --rows "$rows" --keys 300 --seed 3 --anomalies 0.01 --missing 0.005 --duplicates 0.02 \
  --out "$OUT/all.csv" 2> /dev/null
history=$((rows / 3))
head -n $((history + 1)) "$OUT/all.csv" > "$OUT/history.csv"
{ head -n 1 "$OUT/all.csv"; tail -n +$((history + 2)) "$OUT/all.csv"; } > "$OUT/live.csv"

echo "2. Learn from the history: cleaned, each payment beside what its customer usually pays"
"$WEIR" run "$here/features.yaml"
"$WEIR" train "$OUT/features.csv" --model gradient_boosting --classify --target is_anomaly --out "$MODEL" \
  --features log_amount,usual,spread,hour,age_scaled --test-size 0.2 --random-state 0

echo "3. Score what comes after it, from file to file, and learn on"
"$WEIR" run "$here/pipeline.yaml"
if [[ -n $BROKERS ]]; then
  echo "   and from topic to topic on $BROKERS, exactly once"
  make_topic "$NAME-in"
  make_topic "$NAME-out"
  start_pipeline "$here/pipeline-kafka.yaml"
  "$WEIR" produce "$OUT/live.csv" --topic "$NAME-in" --key CustomerID --brokers "$BROKERS"
  timeout 60 "$WEIR" consume "$NAME-out" --limit "$(wc -l < "$OUT/predicted.ndjson")" --brokers "$BROKERS" > "$OUT/streamed.ndjson"
  stop_pipeline
  cmp "$OUT/predicted.ndjson" "$OUT/streamed.ndjson" && echo "   What came out of the topic is the same, byte for byte"
fi

echo "4. What came out ($OUT/predicted.ndjson): who finds the odd ones"
judge "$OUT/predicted.ndjson" is_anomaly unusual flagged guess
echo "   and the first alerts of $(grep -c '"status":"firing"' "$OUT/alerts.ndjson") ($OUT/alerts.ndjson)"
grep -m 3 '"status":"firing"' "$OUT/alerts.ndjson"

echo "5. The same payments as the changes of a table: inserted without a verdict, updated with it later; the model learns from updates"
"$WEIR" generate transactions --rows "$rows" --keys 300 --seed 3 --anomalies 0.01 --missing 0 --duplicates 0 --format json \
  2> /dev/null | awk -f "$here/changes.awk" > "$OUT/changes.ndjson"
"$WEIR" run "$here/changes.yaml"
echo "6. What was said of each payment when its verdict came, before it was learned; one verdict in 50 is wrong at first ($OUT/judged.ndjson)"
grep '"__op":"u"' "$OUT/judged.ndjson" > "$OUT/verdicts.ndjson"
judge "$OUT/verdicts.ndjson" is_anomaly guess guess_by_bayes
tail -n 2 "$OUT/verdicts.ndjson"
