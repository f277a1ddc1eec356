#include "cli/drift_report.hpp"

#include "cli/measures.hpp"
#include "cli/text_columns.hpp"
#include "io/json_document.hpp"

#include <cstdio>

namespace weir::cli {

namespace {

using io::json_document;

void write_counts(json_document& out, std::string_view name, std::span<const std::uint64_t> counts) {
  out.key(name).begin_array();
  for (const auto count : counts)
    out.value(count);
  out.end_array();
}

void write_bins(json_document& out, const reported_column& column) {
  if (const auto* numbers = column.monitor.numbers()) {
    const auto edges = numbers->edges();
    out.key("edges").begin_array();
    for (const auto edge : edges)
      out.value(edge);
    out.end_array();
    write_counts(out, "baseline", std::span{numbers->baseline().counts}.first(edges.size() + 1));
    write_counts(out, "data", std::span{numbers->window().counts}.first(edges.size() + 1));
    return;
  }
  const auto& texts = *column.monitor.texts();
  out.key("categories").begin_array();
  for (std::size_t i = 0; i < texts.categories(); ++i)
    out.value(texts.name(i));
  out.end_array();
  write_counts(out, "baseline", std::span{texts.baseline().counts}.first(texts.categories() + 1));
  write_counts(out, "data", texts.counts());
}

void write_column(json_document& out, const reported_column& column) {
  const auto& verdict = column.verdict;
  out.begin_object().member("column", column.name);
  out.member("type", column.monitor.numbers() ? "number" : "text").member("drifts", column.is_drift);
  out.member("drift_percent", verdict.drift_percent).member("chance_percent", verdict.chance_percent);
  out.member("p_value", verdict.p_value).member("adjusted_p_value", column.adjusted_p_value);
  out.key("methods").begin_array();
  for (const auto& one : verdict.methods) {
    out.begin_object().member("method", core::name_of(one.method));
    write_number("statistic", one.statistic, out);
    out.member("p_value", one.p_value);
    write_number("effect", one.effect, out);
    out.end_object();
  }
  out.end_array();
  write_bins(out, column);
  out.end_object();
}

} // namespace

std::string json_text(const drift_report& report) {
  json_document out;
  out.begin_object().member("baseline", report.baseline).member("data", report.data).member("alpha", report.alpha);
  out.member("baseline_rows", report.baseline_rows).member("rows", report.rows);
  out.member("drifting", report.drifting());
  out.member("drift_percent",
             100 * static_cast<double>(report.drifting()) / static_cast<double>(report.columns.size()));
  out.member("left_out", report.left_out).key("columns").begin_array();
  for (const auto& column : report.columns)
    write_column(out, column);
  return out.end_array().end_object().pretty_text();
}

void print_table(const drift_report& report) {
  std::printf("%zu of %zu columns drift: %llu rows of %s against %llu of %s\n\n", report.drifting(),
              report.columns.size(), static_cast<unsigned long long>(report.rows), report.data.c_str(),
              static_cast<unsigned long long>(report.baseline_rows), report.baseline.c_str());
  std::vector<std::vector<std::string>> rows{{"column", "drifts", "drift %", "by chance", "p", "what says most"}};
  for (const auto& column : report.columns) {
    const auto& methods = column.verdict.methods;
    const auto most = std::min_element(methods.begin(), methods.end(),
                                       [](const auto& one, const auto& other) { return one.p_value < other.p_value; });
    rows.push_back({column.name, column.is_drift ? "yes" : "no", shown(column.verdict.drift_percent),
                    shown(column.verdict.chance_percent), shown(column.adjusted_p_value),
                    most == methods.end() ? "nothing can be compared"
                                          : std::string{core::name_of(most->method)} + ' ' + shown(most->statistic)});
  }
  print_columns(rows, "");
  for (const auto& name : report.left_out)
    std::printf("not compared, since one of both lacks it: %s\n", name.c_str());
}

} // namespace weir::cli
