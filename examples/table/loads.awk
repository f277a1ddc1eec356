# Makes records of hourly table loads (CSV), with a daily season and planted faults. The column `fault` says which fault a record is of:
# its kind and number. Nothing reads it but who compares. Random numbers are Park and Miller's: the same in every awk.
#   awk [-v hours=4000] -f loads.awk
function random() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
function normal() { return sqrt(-2 * log(random())) * cos(6.283185307 * random()) }
function time_text(minutes, day, month) {
  day = int(minutes / 1440)
  for (month = 1; day >= days[month]; ++month) day -= days[month]
  return sprintf("2026-%02d-%02dT%02d:%02d:00Z", month, day + 1, int(minutes / 60) % 24, minutes % 60)
}
# Begins a fault of so many loads in this table, where none is under way.
function begin_fault(table, kind, loads) {
  fault[table] = kind
  name[table] = kind "-" ++planted[kind]
  left[table] = loads
}
# Short faults come at random, long ones on their days; between two of a table lie two days at least.
function choose_fault(table, number, hour, at, kind) {
  at = hour - 60 * number
  if (at == 700 || at == 2700) begin_fault(table, "level_shift", 100)
  else if (at == 1200) begin_fault(table, "drift", 400)
  else if (at == 2100) begin_fault(table, "concept_drift", 300)
  else if (hour > 400 && rest[table] > 48 && random() < 0.04 && (at < 630 || at > 950) && (at < 1130 || at > 1900) \
           && (at < 2030 || at > 2500) && (at < 2630 || at > 2950)) {
    kind = kinds[1 + int(random() * kind_count)]
    begin_fault(table, kind, kind == "stuck" ? 10 : kind == "null_share" ? 6 : kind == "nulls" ? 8 : 1)
    if (kind == "gap") {
      left[table] = 0
      away[table] = 30
    }
  }
}
function load(table, number, hour, what, label, source, target, seconds, share, status, pace) {
  if (away[table] > 0) {
    if (--away[table] == 0) left[table] = 1
    return
  }
  if (left[table] == 0) {
    ++rest[table]
    choose_fault(table, number, hour)
    if (away[table] > 0) return
  }
  if (left[table] > 0) {
    rest[table] = 0
    what = fault[table]
    label = name[table]
    --left[table]
    ++step[label]
  }
  source = usual[number] * (1 + 0.5 * sin(6.283185307 * (hour - 8 - number) / 24)) * exp(0.06 * normal())
  if (what == "spike") source *= 4
  if (what == "drop") source *= 0.2
  source = int(source)
  if (what == "stuck" && step[label] > 1) source = stuck[table]
  stuck[table] = source
  pace = 0.0008 * (1 + number / 3)
  if (what == "level_shift") pace *= 1.5
  if (what == "drift") pace *= exp(0.0015 * step[label])
  # The time no longer depends on how many rows there are: a new bottleneck.
  seconds = (what == "concept_drift" ? usual[number] : source) * pace * exp(0.08 * normal())
  share = 0.01 * exp(0.3 * normal())
  if (what == "null_share") share += 0.15
  status = what == "failed" ? "failed" : "ok"
  target = what == "failed" ? int(source * random()) : what == "mismatch" ? source - 1 - int(20 * random()) : source
  say(table, status, source, target, what == "nulls" ? "" : sprintf("%.2f", seconds), share, hour, number, label)
}
function say(table, status, source, target, seconds, share, hour, number, label) {
  printf "%d,%s,%s,%s,%d,%s,%.4f,%s,%s\n", ++batch, table, status, source, target, seconds, share,
         time_text(60 * hour + 7 * number + int(3 * random())), label
}
# A table that nobody knows, or whose name is misspelt, is loaded.
function new_table(table, hour) { say(table, "ok", 5000, 5000, "4.20", 0.01, hour, 6, "new_table-" ++planted["new_table"]) }
BEGIN {
  seed = 20260105
  if (!hours) hours = 4000
  split("31 28 31 30 31 30 31 31 30 31 30 31", days, " ")
  split("customers orders payments products events", tables, " ")
  split("4000 20000 15000 2500 60000", usual, " ")
  split("custmers orders_v2 tmp_loads refunds payment event_log products_new invoices", unknown, " ")
  kind_count = split("failed mismatch spike drop stuck null_share nulls gap", kinds, " ")
  print "batch_id,table_name,process_status,source_record_count,target_record_count,load_seconds,null_share,load_time,fault"
  for (hour = 0; hour < hours; ++hour) {
    for (number = 1; number <= 5; ++number) load(tables[number], number, hour)
    if (hour % 450 == 440) new_table(unknown[1 + int(hour / 450)], hour)
    if (hour % 900 == 333) printf "%d,,ok,5000,5000,4.20,0.01,%s,\n", ++batch, time_text(60 * hour + 50) # no name
    if (hour % 900 == 666) printf "%d,orders,ok,many,5000,4.20,0.01,%s,\n", ++batch, time_text(60 * hour + 50) # no number
  }
}
