# Labels for a log of alerts, as 'weir alerts label' would write them for a person: an alert is right at the loads that are listed.
#   awk -f label.awk right_loads alerts.ndjson > alerts.ndjson.labels
function member(field) {
  return match($0, "\"" field "\":(\"[^\"]*\"|[0-9]+)") ? substr($0, RSTART, RLENGTH) : ""
}
FNR == NR { is_right["\"batch_id\":" $0] = 1; next }
/"status":"firing"/ {
  printf "{%s,%s,%s,%s,\"label\":\"%s\"}\n", member("fingerprint"), member("starts_at"), member("partition"), member("offset"),
    member("batch_id") in is_right ? "anomaly" : "normal"
}
