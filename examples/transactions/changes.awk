# Makes change events, as Debezium writes those of a table `payments`, from payments (NDJSON): each is inserted without a verdict, and
# updated with the bank's verdict 200 payments later. One verdict in 50 is wrong at first, and corrected after another 200.
function event(op, before, after) {
  ++lsn
  printf "{\"before\":%s,\"after\":%s,\"source\":{\"connector\":\"postgresql\",\"name\":\"bank\",\"table\":\"payments\",\"ts_ms\":%d," \
         "\"sequence\":\"[\\\"%d\\\",\\\"%d\\\"]\",\"lsn\":%d},\"op\":\"%s\",\"ts_ms\":%d}\n",
         before, after, 1770000000000 + lsn, lsn, lsn, lsn, op, 1770000000000 + lsn
}
function row(number, verdict) { return "{\"id\":" number "," body[number] ",\"is_anomaly\":" verdict "}" }
function opposite(verdict) { return verdict == "true" ? "false" : "true" }
function judge(number) {
  if (number < 1) return
  if (number % 50 == 0) {
    event("u", row(number, "null"), row(number, opposite(truth[number])))
    wrong[number + 200] = number
  } else {
    event("u", row(number, "null"), row(number, truth[number]))
    delete body[number]
  }
}
function correct(number) {
  if (!(number in wrong)) return
  event("u", row(wrong[number], opposite(truth[wrong[number]])), row(wrong[number], truth[wrong[number]]))
}
{
  truth[NR] = /"is_anomaly":1/ ? "true" : "false"
  sub(/,"is_anomaly":[01]}$/, "")
  body[NR] = substr($0, 2)
  event("c", "null", row(NR, "null"))
  judge(NR - 200)
  correct(NR - 200)
}
