#!/bin/bash
# Learns salaries from position and level, then predicts them on a stream.
#   run.sh [--kafka BROKERS] [--out DIR]     DIR: build/examples/salary
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../common.sh"
begin salary "$@"
export IN=$here/position_salaries.csv MODEL=$OUT/salary.onnx

echo "1. Train on 80 % of the rows, test on the others"
"$WEIR" train "$IN" --target Salary --features Position,Level --encode Position --test-size 0.2 --random-state 0 --out "$MODEL"

if [[ -z $BROKERS ]]; then
  echo "2. Predict, from file to file"
  "$WEIR" run "$here/pipeline.yaml"
else
  echo "2. Predict, from topic to topic on $BROKERS"
  make_topic "$NAME-in"
  make_topic "$NAME-out"
  start_pipeline "$here/pipeline-kafka.yaml"
  "$WEIR" produce "$IN" --topic "$NAME-in" --key Position --brokers "$BROKERS"
  timeout 60 "$WEIR" consume "$NAME-out" --limit 10 --brokers "$BROKERS" > "$OUT/predicted.ndjson"
  stop_pipeline
fi

echo "3. What came out ($OUT/predicted.ndjson)"
cat "$OUT/predicted.ndjson"
