# What was found of what was planted, from the records that came out (NDJSON): a fault counts as found where a verdict was said of one of
# its records, or of the table's next two; of a long one, whose end is a change too, the next 48. Any other verdict is a false one.
#   awk -v verdicts="failed mismatch ..." [-v right_loads=FILE] -f judge.awk predicted.ndjson      FILE: numbers of the loads where a verdict is right
function text(field, found) {
  if (!match($0, "\"" field "\":\"[^\"]*\"")) return ""
  found = length(field) + 4
  return substr($0, RSTART + found, RLENGTH - found - 1)
}
function number(field) {
  match($0, "\"" field "\":[0-9]+")
  return substr($0, RSTART + length(field) + 3, RLENGTH - length(field) - 3)
}
BEGIN { count = split(verdicts, name, " ") }
{
  table = text("table_name")
  label = text("fault")
  if (label != "") {
    if (!(label in planted_as)) {
      kind = label
      sub(/-[0-9]+$/, "", kind)
      planted_as[label] = kind
      if (!(kind in planted)) kinds[++kind_count] = kind
      ++planted[kind]
      ++all
    }
    latest[table] = label
    left[table] = planted_as[label] ~ /^(level_shift|drift|concept_drift)$/ ? 48 : 2
  } else if (table in latest && left[table]-- == 0) delete latest[table]
  of = table in latest ? latest[table] : ""
  faulty += of != ""
  if (of != "" && right_loads) print number("batch_id") > right_loads
  is_said = 0
  for (i = 1; i <= count; ++i) {
    if (!index($0, "\"" name[i] "\":true")) continue
    is_said = 1
    ++said[i]
    if (of == "") continue
    ++right[i]
    if ((of, i) in found) continue
    found[of, i] = 1
    ++found_by[planted_as[of], i]
  }
  verdict_count += is_said
  right_count += is_said && of != ""
  if (is_said && of != "" && !(of in is_found)) {
    is_found[of] = 1
    ++found_of[planted_as[of]]
    ++found_count
  }
}
function line(what, n, m) { printf "   %-20s %8d %8d %8.1f%%", what, n, m, n ? 100 * m / n : 0 }
END {
  printf "   %-20s %8s %8s %9s  %s\n", "fault", "planted", "found", "recall", "by"
  for (k = 1; k <= kind_count; ++k) {
    kind = kinds[k]
    line(kind, planted[kind], found_of[kind])
    separator = "  "
    for (i = 1; i <= count; ++i)
      if (found_by[kind, i]) {
        printf "%s%s %d", separator, name[i], found_by[kind, i]
        separator = ", "
      }
    print ""
  }
  line("all", all, found_count)
  printf "\n\n   %-20s %8s %8s %9s\n", "verdict", "said", "right", "precision"
  for (i = 1; i <= count; ++i) {
    line(name[i], said[i], right[i])
    print ""
  }
  line("any", verdict_count, right_count)
  print ""
  line("(of each load)", NR, faulty)
  print ""
}
