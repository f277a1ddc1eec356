#!/bin/bash
# Learns from the first 2,000 quarters of an hour, then replays the others and predicts on the stream.
#   [RATE=200] [FOR=4s] run.sh [--kafka BROKERS] [--out DIR]     DIR: build/examples/traffic
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../common.sh"
begin traffic "$@"
export MODEL=$OUT/traffic.onnx RATE=${RATE:-200} FOR=${FOR:-4s}
head -n 2001 "$here/traffic.csv" > "$OUT/static.csv"
{ head -n 1 "$here/traffic.csv"; tail -n +2002 "$here/traffic.csv"; } > "$OUT/live.csv"

echo "1. Train on the static part: the total, by bikes, buses, trucks and the day"
"$WEIR" train "$OUT/static.csv" --target Total --features "BikeCount,BusCount,TruckCount,Day of the week" \
  --encode "Day of the week" --max-depth 8 --out "$MODEL"

if [[ -z $BROKERS ]]; then
  echo "2. Replay the others, $RATE a second for $FOR, from file to file"
  "$WEIR" run "$here/pipeline.yaml"
else
  echo "2. Replay the others, $RATE a second for $FOR, from topic to topic on $BROKERS"
  make_topic "$NAME-in"
  make_topic "$NAME-out"
  start_pipeline "$here/pipeline-kafka.yaml"
  "$WEIR" produce "$OUT/live.csv" --topic "$NAME-in" --rate "$RATE" --for "$FOR" --brokers "$BROKERS"
  # Up to the last one that was produced: the first in the topic is the first in the file, and busy ones come out.
  sent=$("$WEIR" consume "$NAME-in" --exit-at-end --brokers "$BROKERS" | grep -cE '"Total":(5[1-9]|[6-9][0-9]|[0-9]{3,})')
  timeout 60 "$WEIR" consume "$NAME-out" --limit "$sent" --brokers "$BROKERS" > "$OUT/predicted.ndjson"
  stop_pipeline
fi

echo "3. The first that came out ($OUT/predicted.ndjson)"
head -n 5 "$OUT/predicted.ndjson"
