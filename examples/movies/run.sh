#!/bin/bash
# Learns the score of a film from all its numbers, tests, and predicts on the films that were held back.
#   run.sh [--kafka BROKERS] [--out DIR]     DIR: build/examples/movies
# With --kafka over TLS and SASL: CA, SASL_USER and SASL_PASSWORD (default: those of `tools/kafka start --tls`).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../common.sh"
begin movies "$@"
export IN=$OUT/live.csv MODEL=$OUT/score.onnx
export CA=${CA:-$here/../../build/kafka/tls/ca.pem} SASL_USER=${SASL_USER:-alice} SASL_PASSWORD=${SASL_PASSWORD:-secret}

echo "1. Train on 80 % of the rows without a missing number, test on 10 %, hold 10 % back"
"$WEIR" train "$here/movies.csv" --target imdb_score --features all --drop-missing --test-size 0.1 --holdout-size 0.1 \
  --holdout "$IN" --random-state 0 --out "$MODEL"
held=$(($(wc -l < "$IN") - 1))

if [[ -z $BROKERS ]]; then
  echo "2. Predict the others, from file to file"
  "$WEIR" run "$here/pipeline.yaml"
else
  echo "2. Predict the others, from topic to topic on $BROKERS, over TLS and SASL"
  secured=(-X security.protocol=sasl_ssl -X "ssl.ca.location=$CA" -X sasl.mechanism=PLAIN
           -X "sasl.username=$SASL_USER" -X "sasl.password=$SASL_PASSWORD" --brokers "$BROKERS")
  "$WEIR" produce - --topic "$NAME-out" --create 1 "${secured[@]}" < /dev/null 2> /dev/null
  "$WEIR" produce "$IN" --topic "$NAME-in" --create 1 --key movie_title "${secured[@]}"
  start_pipeline "$here/pipeline-kafka.yaml"
  timeout 60 "$WEIR" consume "$NAME-out" --limit "$held" "${secured[@]}" > "$OUT/predicted.ndjson"
  stop_pipeline
fi

echo "3. How good the predictions on the stream are ($OUT/predicted.ndjson)"
"$WEIR" eval "$MODEL" "$IN" --target imdb_score
head -n 3 "$OUT/predicted.ndjson"
