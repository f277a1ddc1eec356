#!/bin/bash
# Watches the loads of a warehouse's tables, with faults of every kind planted among them, and says which were found.
#   [HOURS=4000] run.sh [--kafka BROKERS] [--out DIR]     DIR: build/examples/table
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../common.sh"
begin table "$@"
rm -f "$OUT"/{alerts.ndjson,alerts.ndjson.labels,streamed.ndjson,streamed_alerts.ndjson}
verdicts=$(sed -nE 's/^  - .* as: ([a-z_]+).*/\1/p' "$here/pipeline.yaml" | tr '\n' ' ')

echo "1. Make hourly loads of five tables, with faults that are labelled"
awk -v hours="${HOURS:-4000}" -f "$here/loads.awk" > "$OUT/loads.csv"
echo "   $(($(wc -l < "$OUT/loads.csv") - 1)) loads"

echo "2. Watch them, from file to file"
"$WEIR" run "$here/pipeline.yaml"
if [[ -n $BROKERS ]]; then
  echo "   and from topic to topic on $BROKERS, exactly once"
  make_topic "$NAME-in"
  make_topic "$NAME-out"
  make_topic "$NAME-alerts"
  start_pipeline "$here/pipeline-kafka.yaml"
  "$WEIR" produce "$OUT/loads.csv" --topic "$NAME-in" --key table_name --brokers "$BROKERS"
  timeout 60 "$WEIR" consume "$NAME-out" --limit "$(wc -l < "$OUT/predicted.ndjson")" --brokers "$BROKERS" > "$OUT/streamed.ndjson"
  stop_pipeline
  cmp "$OUT/predicted.ndjson" "$OUT/streamed.ndjson" && echo "   What came out of the topic is the same, byte for byte"
  "$WEIR" consume "$NAME-alerts" --exit-at-end --brokers "$BROKERS" > "$OUT/streamed_alerts.ndjson"
  echo "   with $(grep -c '"status":"firing"' "$OUT/streamed_alerts.ndjson") alerts ($OUT/streamed_alerts.ndjson)"
fi

echo "3. What was found ($OUT/predicted.ndjson)"
awk -v verdicts="$verdicts" -v right_loads="$OUT/right_loads" -f "$here/judge.awk" "$OUT/predicted.ndjson"

echo "4. The log of anomalies: $(grep -c '"status":"firing"' "$OUT/alerts.ndjson") began ($OUT/alerts.ndjson)"
for alert in failed rows_unusual new_table; do grep -m 1 "\"alert\":\"$alert\",\"status\":\"firing\"" "$OUT/alerts.ndjson"; done
echo "   and $(wc -l < "$OUT/dead_letters.ndjson") loads were no records ($OUT/dead_letters.ndjson)"
head -n 2 "$OUT/dead_letters.ndjson"

echo "5. Label them: a person would go through 'weir alerts label $OUT/alerts.ndjson'; here what was planted answers. How often they were right:"
awk -f "$here/label.awk" "$OUT/right_loads" "$OUT/alerts.ndjson" > "$OUT/alerts.ndjson.labels"
"$WEIR" eval --alerts "$OUT/alerts.ndjson"
