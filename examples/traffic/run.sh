#!/bin/bash
# Learns from the first 2,000 quarters of an hour, then replays the others and predicts on the stream, while another process
# learns from what has come in by then, and promotes what is no worse.
#   [RATE=100] [FOR=8s] run.sh [--kafka BROKERS] [--out DIR]     DIR: build/examples/traffic
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../common.sh"
begin traffic "$@"
export REGISTRY=$OUT/models RATE=${RATE:-100} FOR=${FOR:-8s}
rm -rf "$REGISTRY"
head -n 2001 "$here/traffic.csv" > "$OUT/static.csv"
{ head -n 1 "$here/traffic.csv"; tail -n +2002 "$here/traffic.csv"; } > "$OUT/live.csv"

# Trains again and again beside the pipeline, and ends with it.
start_training() {
  "$WEIR" train "$1" > "$OUT/training.log" 2>&1 &
  training=$!
}
stop_training() {
  kill -INT "$training"
  wait "$training"
}

if [[ -z $BROKERS ]]; then
  echo "1. Train on the static part: the total, by bikes, buses, trucks and the day"
  export STREAMED=$OUT/none.ndjson
  : > "$STREAMED"
  "$WEIR" train "$here/train.yaml" --once

  echo "2. Replay the others, $RATE a second for $FOR, from file to file; train again each second"
  "$WEIR" run "$here/pipeline.yaml" &
  pipeline=$!
  trap 'kill "$pipeline" ${training:-} 2> /dev/null || true; wait' EXIT
  STREAMED=$OUT/predicted.ndjson
  until [[ -s $STREAMED ]] || ! kill -0 "$pipeline" 2> /dev/null; do sleep 0.1; done
  start_training "$here/train.yaml"
  wait "$pipeline"
  stop_training
  trap - EXIT
else
  echo "1. Train on the static part: the total, by bikes, buses, trucks and the day"
  make_topic "$NAME-in"
  make_topic "$NAME-out"
  "$WEIR" train "$here/train-kafka.yaml" --once

  echo "2. Replay the others, $RATE a second for $FOR, from topic to topic on $BROKERS; train again each second"
  start_pipeline "$here/pipeline-kafka.yaml"
  start_training "$here/train-kafka.yaml"
  trap 'kill "$pipeline" "$training" 2> /dev/null || true; wait' EXIT
  "$WEIR" produce "$OUT/live.csv" --topic "$NAME-in" --rate "$RATE" --for "$FOR" --brokers "$BROKERS"
  # Up to the last one that was produced: the first in the topic is the first in the file, and busy ones come out.
  sent=$("$WEIR" consume "$NAME-in" --exit-at-end --brokers "$BROKERS" | grep -cE '"Total":(5[1-9]|[6-9][0-9]|[0-9]{3,})')
  timeout 60 "$WEIR" consume "$NAME-out" --limit "$sent" --brokers "$BROKERS" > "$OUT/predicted.ndjson"
  stop_training
  stop_pipeline
fi

echo "3. The first that came out ($OUT/predicted.ndjson)"
head -n 5 "$OUT/predicted.ndjson"

echo "4. How many each version has predicted"
grep -oE '"model":"[^"]*"' "$OUT/predicted.ndjson" | sort -V | uniq -c

echo "5. The versions, and which is champion"
"$WEIR" models list "$REGISTRY"
