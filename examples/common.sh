# What the scripts of the examples share; to be sourced.

# begin EXAMPLE ARGUMENT...: sets WEIR (the binary), OUT (an empty folder), BROKERS (maybe empty) and NAME (of the pipeline).
begin() {
  local example=$1 root
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  shift
  export WEIR=${WEIR:-$root/build/release/weir} BROKERS=${BROKERS:-} OUT=$root/build/examples/$example
  export NAME=$example-$(date +%s%N)
  while (($#)); do
    case $1 in
      --kafka) BROKERS=${2:?--kafka needs brokers, host:port}; shift ;;
      --out) OUT=${2:?--out needs a folder}; shift ;;
      *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
    esac
    shift
  done
  [[ -x $WEIR ]] || { echo "there is no $WEIR: run tools/build first" >&2; exit 69; }
  mkdir -p "$OUT"
  OUT=$(cd "$OUT" && pwd)
  rm -rf "$OUT"/{predicted.ndjson,dead_letters.ndjson,state}
}

make_topic() { "$WEIR" produce - --topic "$1" --create 1 --brokers "$BROKERS" < /dev/null 2> /dev/null; }

start_pipeline() {
  "$WEIR" run "$1" &
  pipeline=$!
  trap 'kill "$pipeline" 2> /dev/null || true; wait "$pipeline" || true' EXIT
}

# Lets what runs commit, and waits for its end.
stop_pipeline() {
  kill "$pipeline"
  wait "$pipeline"
  trap - EXIT
}
