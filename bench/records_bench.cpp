#include "bench/transactions.hpp"
#include "cli/transaction_generator.hpp"
#include "config/compile.hpp"
#include "config/parse.hpp"
#include "core/expression/expression.hpp"
#include "core/format/csv_format.hpp"
#include "core/format/csv_rows.hpp"
#include "core/format/debezium_format.hpp"
#include "core/format/json_format.hpp"
#include "core/format/json_scanner.hpp"
#include "core/transform/preprocessor.hpp"
#include "io/kinds.hpp"

#include <benchmark/benchmark.h>

// What a record of the reference job costs in core/: ns a record is the counter `per_record`.

namespace {

using namespace weir;

constexpr std::size_t records = 4096;

void count_records(benchmark::State& state) {
  state.counters["per_record"] = benchmark::Counter(static_cast<double>(state.iterations()) * records,
                                                    benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void scan_tokens(benchmark::State& state) {
  const auto raw = bench::make_transactions(records, 1);
  core::json_scanner scanner;
  for (auto _ : state)
    for (std::size_t at = 0; at < raw->text.size(); at += 16 * 1024) {
      std::size_t count = 0;
      benchmark::DoNotOptimize(
          scanner.scan(raw->text.data() + at, std::min<std::size_t>(16 * 1024, raw->text.size() - at), count));
    }
  count_records(state);
}
BENCHMARK(scan_tokens);

void decode(benchmark::State& state, const core::raw_block_ptr& raw, core::decoder& decoder) {
  for (auto _ : state) {
    core::batch b;
    b.raw = raw;
    decoder.decode(b);
    if (b.rows.size() != records)
      state.SkipWithError("records were refused");
  }
  count_records(state);
}

void decode_json(benchmark::State& state, const core::format_kind* sink) {
  const auto columns = bench::transaction_columns();
  decode(state, bench::make_transactions(records, 1), *core::make_json_decoder({.columns = &columns, .sink = sink}));
}
BENCHMARK_CAPTURE(decode_json, for_json, &core::json_format);
BENCHMARK_CAPTURE(decode_json, for_csv, &core::csv_format);

void decode_csv(benchmark::State& state, const core::format_kind* sink) {
  cli::transaction_generator transactions{{}};
  const auto raw = std::make_shared<core::raw_block>();
  std::string row;
  for (std::size_t i = 0; i < records; ++i) {
    row.clear();
    transactions.append_csv(transactions.next(), row);
    raw->append(static_cast<std::int64_t>(i), 0, nullptr, 0, row.data(), row.size());
  }
  raw->seal();
  const auto columns = bench::transaction_columns();
  const auto header = core::parse_csv_header(transactions.csv_header()).value();
  decode(state, raw, *core::make_csv_decoder({.columns = &columns, .sink = sink, .header = header}));
}
BENCHMARK_CAPTURE(decode_csv, for_json, &core::json_format);
BENCHMARK_CAPTURE(decode_csv, for_csv, &core::csv_format);

/// The same transactions as change events, whose positions are noted. @param schema in front of each
void decode_debezium(benchmark::State& state, const std::string& schema) {
  const auto rows = bench::make_transactions(records, 1);
  const auto raw = std::make_shared<core::raw_block>();
  for (core::row_index i = 0; i < records; ++i) {
    const auto at = std::to_string(24'023'128 + 100 * i);
    auto event = R"({"before":null,"after":)" + std::string{rows->value(i)}
                 + R"(,"source":{"version":"2.7.0.Final","connector":"postgresql","name":"shop","ts_ms":1767620711500,)"
                   R"("snapshot":"false","db":"bank","sequence":"[\"24023000\",\")"
                 + at + R"(\"]","schema":"public","table":"transactions","txId":556,"lsn":)" + at
                 + R"(,"xmin":null},"op":"c","ts_ms":1767620711600,"transaction":null})";
    if (!schema.empty())
      event = R"({"schema":)" + schema + R"(,"payload":)" + event + "}";
    raw->append(i, 0, nullptr, 0, event.data(), event.size());
  }
  raw->seal();
  const auto columns = bench::transaction_columns();
  state.counters["bytes"] = static_cast<double>(raw->text.size()) / records;
  decode(state, raw, *core::make_debezium_decoder({.columns = &columns, .positions = true}));
}
BENCHMARK_CAPTURE(decode_debezium, bare, "");

/// One as Debezium writes it, of about 3 KB.
std::string event_schema() {
  std::string row;
  for (const auto* field : {"CustomerID", "Date", "Amount", "Age", "Gender", "TransactionType", "Location", "Device"})
    row += std::string{row.empty() ? "" : ","} + R"({"type":"string","optional":true,"field":")" + field + R"("})";
  std::string source;
  for (const auto* field : {"version", "connector", "name", "ts_ms", "snapshot", "db", "sequence", "schema", "table",
                            "txId", "lsn", "xmin", "ts_us", "ts_ns"})
    source +=
        std::string{source.empty() ? "" : ","} + R"({"type":"string","optional":true,"field":")" + field + R"("})";
  const auto part = [](const std::string& fields, const char* name) {
    return R"({"type":"struct","fields":[)" + fields
           + R"(],"optional":true,"name":"shop.public.transactions.Value","field":")" + name + R"("})";
  };
  return R"({"type":"struct","fields":[)" + part(row, "before") + "," + part(row, "after") + ","
         + part(source, "source") + R"(],"optional":false,"name":"shop.public.transactions.Envelope","version":2})";
}
BENCHMARK_CAPTURE(decode_debezium, with_schema, event_schema());

void select_rows(benchmark::State& state) {
  core::layout columns;
  columns.add({.name = "Total", .type = core::column_type::float64});
  columns.add({.name = "Junction", .type = core::column_type::int64});
  const auto when = core::expression::bind(columns, "Total > 50 && Junction == 3").value();
  std::mt19937 random{3};
  auto total = std::make_shared<core::column>();
  auto junction = std::make_shared<core::column>();
  junction->type = core::column_type::int64;
  core::batch b;
  for (core::row_index i = 0; i < records; ++i) {
    total->f64.push_back(static_cast<double>(random() % 100));
    junction->i64.push_back(random() % 4);
    b.rows.push_back(i);
  }
  b.columns = {total, junction};
  std::vector<core::row_index> rows;
  for (auto _ : state) {
    rows.clear();
    when.select(b, rows);
    benchmark::DoNotOptimize(rows.data());
  }
  count_records(state);
}
BENCHMARK(select_rows);

void preprocess(benchmark::State& state) {
  const auto raw = bench::make_transactions(records, 1);
  const auto pipeline = config::parse_pipeline(R"(
name: bench
source: { file: in }
sink: console
schema: { CustomerID: string, Date: timestamp, Amount: double, Age: int }
preprocess:
  - drop_null: Amount
  - filter: Amount > 50
  - derive: { hour: hour(Date), dow: dow(Date), amount_per_age: Amount / Age }
)",
                                               "bench.yaml", io::catalogue(), config::environment::of_process());
  const auto plan = pipeline ? config::compile(*pipeline) : tl::unexpected{pipeline.error()};
  if (!plan)
    return state.SkipWithError(plan.error().front().text().c_str());
  const auto preprocessor = plan->make_preprocessor();
  for (auto _ : state)
    benchmark::DoNotOptimize(preprocessor->run(raw, 0));
  count_records(state);
}
BENCHMARK(preprocess);

/// Writes what the reference job adds to a record behind the record itself.
void write(benchmark::State& state, const core::format_kind* sink) {
  const auto raw = bench::make_transactions(records, 1);
  auto columns = bench::transaction_columns();
  const auto decoder = core::make_json_decoder({.columns = &columns, .sink = sink});
  core::batch b;
  b.raw = raw;
  decoder->decode(b);
  std::mt19937_64 random{2};
  const auto add = [&](const char* name, core::column_type type, auto&& value) {
    columns.add({.name = name, .type = type});
    auto c = std::make_shared<core::column>();
    c->type = type;
    for (std::size_t i = 0; i < records; ++i)
      if (type == core::column_type::float64)
        c->f64.push_back(static_cast<double>(value()));
      else
        c->i64.push_back(static_cast<std::int64_t>(value()));
    b.columns.push_back(std::move(c));
  };
  std::uniform_real_distribution<double> real{0, 100};
  add("hour", core::column_type::int64, [&] { return random() % 24; });
  add("dow", core::column_type::int64, [&] { return random() % 7; });
  add("amount_per_age", core::column_type::float64, [&] { return real(random); });
  add("rolling_mean", core::column_type::float64, [&] { return real(random); });
  add("z", core::column_type::float64, [&] { return real(random) - 50; });
  add("anomaly", core::column_type::boolean, [&] { return random() % 100 == 0; });
  const auto writer = sink->make_writer(columns);
  for (auto _ : state) {
    core::record_block out;
    writer->write(b, out);
    benchmark::DoNotOptimize(out.bytes.data());
  }
  count_records(state);
}
BENCHMARK_CAPTURE(write, json, &core::json_format);
BENCHMARK_CAPTURE(write, csv, &core::csv_format);

} // namespace

BENCHMARK_MAIN();
