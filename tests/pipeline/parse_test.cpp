#include "config/parse.hpp"
#include "config/yaml_text.hpp"
#include "pipeline_fixture.hpp"

#include <gtest/gtest.h>

namespace weir::config {
namespace {

using namespace std::chrono_literals;

class parse_test : public test::pipeline_fixture {
protected:
  /// A pipeline from a file to the console with these sections as well.
  pipeline with(const std::string& sections) {
    return good("name: p\nsource: { file: in.csv }\nsink: console\n" + sections);
  }

  /// A step with all its fields, defaults included.
  static std::string line(const step_ptr& step) { return line(*step); }
  template <class Shown>
  static std::string line(const Shown& of) {
    return yaml_line({of.show()});
  }
};

TEST_F(parse_test, reads_a_full_pipeline) {
  auto p = good(test::data_file("pipelines/transactions.yaml"));
  EXPECT_EQ(p.name, "transactions");
  EXPECT_EQ(p.file, "p.yaml");
  EXPECT_EQ(line(*p.source.from),
            "{brokers: localhost:9092, topic: txn, group: weir-transactions, accept_data_loss: false}");
  EXPECT_EQ(p.source.format, &core::json_format);
  ASSERT_EQ(p.schema.size(), 5u);
  EXPECT_EQ(p.schema[0].name, "CustomerID");
  EXPECT_TRUE(p.schema[0].key);
  EXPECT_EQ(p.schema[1].type, core::column_type::timestamp);
  EXPECT_TRUE(p.schema[2].required);
  ASSERT_EQ(steps_of(p, "preprocess").size(), 3u);
  EXPECT_EQ(p.schema[4].name, "Age"); // not in the schema, but an input of the model
  EXPECT_EQ(p.schema[4].type, core::column_type::float64);
  EXPECT_EQ(line(steps_of(p, "preprocess")[0]), "{filter: Amount > 50}");
  EXPECT_EQ(steps_of(p, "preprocess")[1]->made_columns()[1].text, "amount_per_age");
  EXPECT_EQ(steps_of(p, "preprocess")[2]->made_columns()[0].text, "device_code");
  ASSERT_EQ(steps_of(p, "aggregate").size(), 2u);
  EXPECT_EQ(line(steps_of(p, "aggregate")[0]),
            "{rolling: mean, of: Amount, by: CustomerID, last: 20, max_keys: 1000000, as: rolling_mean}");
  EXPECT_EQ(line(steps_of(p, "aggregate")[1]),
            "{rolling: mean, of: Amount, over: 5m, allowed_lateness: 0ms, max_ahead: 1d, panes: 60, as: mean_5m}");
  ASSERT_EQ(steps_of(p, "infer").size(), 1u);
  EXPECT_EQ(steps_of(p, "infer")[0]->used_columns().size(), 3u);
  ASSERT_EQ(steps_of(p, "detect").size(), 1u);
  EXPECT_EQ(steps_of(p, "detect")[0]->kind().name, "zscore");
  ASSERT_EQ(p.alerts.size(), 1u);
  EXPECT_EQ(p.alerts[0].level, severity::high);
  EXPECT_EQ(p.alerts[0].summary.text, "{CustomerID} spent {Amount}");
  ASSERT_EQ(p.sinks.size(), 1u);
  EXPECT_EQ(line(*p.sinks[0].to).find("{brokers: localhost:9092, "), 0u) << line(*p.sinks[0].to);
  ASSERT_TRUE(p.dead_letter);
  EXPECT_EQ(effective_guarantee(p), guarantee::exactly_once);
}

TEST_F(parse_test, reads_a_file_source_in_both_spellings) {
  const auto all = good(R"(
name: p
source:
  file: { path: txn.csv, partitions: 4, key: CustomerID, rate: 2500.5, for: 30s, limit: 1000 }
  format: csv
  header: [CustomerID, Amount]
sink: { console: {} }
)");
  EXPECT_EQ(line(*all.source.from),
            "{path: txn.csv, partitions: 4, key: CustomerID, rate: 2500.5, for: 30s, limit: 1000, follow: false}");
  EXPECT_EQ(all.source.format, &core::csv_format);
  EXPECT_EQ(all.source.header, (std::vector<std::string>{"CustomerID", "Amount"}));
  EXPECT_EQ(with("").source.from->name(), "in.csv");
}

TEST_F(parse_test, reads_how_the_fields_of_csv_are_parted) {
  const auto rows = [&](const std::string& more) {
    return rows_of(good("name: p\nsource: { file: in.csv" + more + " }\nschema: { a: int, b: int }\nsink: console\n"));
  };
  EXPECT_EQ(rows("").dialect, core::csv_dialect{});
  EXPECT_EQ(rows(", delimiter: ';', quote: \"'\"").dialect, (core::csv_dialect{.delimiter = ';', .quote = '\''}));
  EXPECT_EQ(rows(", delimiter: tab, quote: none").dialect,
            (core::csv_dialect{.delimiter = '\t', .quote = core::csv_dialect::no_quote}));
  EXPECT_EQ(rows(", delimiter: \"\\t\"").dialect.delimiter, '\t');
  EXPECT_TRUE(rows("").names.empty());
  EXPECT_TRUE(rows(", header: [b, a]").names.empty());
  EXPECT_EQ(rows(", has_header: false").names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(rows(", has_header: false, header: [b, c, a]").names, (std::vector<std::string>{"b", "c", "a"}));
}

TEST_F(parse_test, takes_the_format_from_a_files_name_unless_it_is_said) {
  const auto format_of = [&](const std::string& source) {
    const auto p = good("name: p\nsource: { " + source + " }\nsink: { file: out.csv }\n");
    EXPECT_EQ(p.sinks.front().format, &core::csv_format);
    return p.source.format;
  };
  EXPECT_EQ(format_of("file: in.csv"), &core::csv_format);
  EXPECT_EQ(format_of("file: { path: in.csv }, format: json"), &core::json_format);
  EXPECT_EQ(format_of("file: in.ndjson"), &core::json_format);
  EXPECT_EQ(format_of("file: in"), &core::json_format);
}

TEST_F(parse_test, takes_the_key_of_a_file_from_the_schema) {
  EXPECT_EQ(line(*with("schema: { Id: { type: string, key: true } }").source.from),
            "{path: in.csv, partitions: 1, key: Id, rate: 0, for: 0ms, limit: 0, follow: false}");
}

TEST_F(parse_test, reads_topics_to_create_and_any_property) {
  auto p = good(R"(
name: p
source:
  kafka:
    brokers: [one:9092, two:9093]
    topic: in
    create: { partitions: 8, replication_factor: 3 }
    properties: { security.protocol: ssl, ssl.ca.location: ca.pem, fetch.min.bytes: 1024 }
sink: { kafka: { topic: out, partition: key, properties: { ssl.ca.location: other.pem, linger.ms: 5 } } }
)");
  EXPECT_EQ(line(*p.source.from),
            "{brokers: \"one:9092,two:9093\", topic: in, group: weir-p, create: {partitions: 8, replication_factor: "
            "3}, accept_data_loss: false, "
            "properties: {fetch.min.bytes: \"***\", security.protocol: \"***\", ssl.ca.location: \"***\"}}");
  EXPECT_EQ(p.source.from->transactions()->properties.at("fetch.min.bytes"), "1024");
  // A sink on the same brokers reaches them in the same way.
  EXPECT_EQ(line(*p.sinks[0].to),
            "{brokers: \"one:9092,two:9093\", topic: out, partition: key, "
            "properties: {linger.ms: \"***\", security.protocol: \"***\", ssl.ca.location: \"***\"}}");
}

TEST_F(parse_test, reads_one_sink_or_several) {
  auto p = good(R"(
name: p
source: { file: in.csv }
sink:
  - console
  - file: out.ndjson
  - file: { path: more.ndjson }
  - kafka: { brokers: b, topic: o, create: { partitions: 2 } }
dead_letter: { file: dead.ndjson }
alert_sink: [{ file: alerts.ndjson }, console]
)");
  ASSERT_EQ(p.sinks.size(), 4u);
  EXPECT_EQ(p.sinks[0].to->kind().name, "console");
  EXPECT_EQ(line(*p.sinks[1].to), "{path: out.ndjson, append: false, overwrite: false}");
  EXPECT_EQ(line(*p.sinks[2].to), "{path: more.ndjson, append: false, overwrite: false}");
  EXPECT_EQ(line(*p.sinks[3].to),
            "{brokers: b, topic: o, partition: source, create: {partitions: 2, replication_factor: 1}}");
  EXPECT_EQ(line(*p.dead_letter->to), "{path: dead.ndjson, append: false, overwrite: false}");
  EXPECT_EQ(p.alert_sinks.size(), 2u);
}

TEST_F(parse_test, reads_settings_nested_and_flat) {
  for (const auto* spelling : {R"(
commit: { interval: 250ms, timeout: 10s }
memory: { limit: 128MiB }
ready: { stall_timeout: 1m }
)",
                               R"(
commit.interval: 250ms
commit: { timeout: 10s }
memory.limit: 128MiB
ready.stall_timeout: 1m
)"}) {
    auto p = with(spelling);
    EXPECT_EQ(p.commit.interval, 250ms);
    EXPECT_EQ(p.commit.timeout, 10s);
    EXPECT_EQ(p.memory_limit, 128u << 20);
    EXPECT_EQ(p.stall_timeout, 1min);
  }
}

TEST_F(parse_test, reads_every_setting) {
  auto p = with(R"(
processing: { guarantee: at_least_once }
parallelism: 3
batch: { records: 1000, bytes: 64KiB }
stats: { listen: 0.0.0.0, port: 0, enabled: false, token_file: token }
shutdown: { timeout: 5s }
rebalance: { timeout: 7s }
state: { dir: /var/lib/weir, memory_limit: 3GiB }
output: { drop: [a, b] }
)");
  EXPECT_EQ(effective_guarantee(p), guarantee::at_least_once);
  EXPECT_EQ(p.parallelism, 3);
  EXPECT_EQ(p.batch.records, 1000u);
  EXPECT_EQ(p.batch.bytes, 65536u);
  EXPECT_EQ(p.stats.listen, "0.0.0.0");
  EXPECT_EQ(p.stats.port, 0);
  EXPECT_FALSE(p.stats.enabled);
  EXPECT_EQ(p.stats.token_file, "token");
  EXPECT_EQ(p.shutdown_timeout, 5s);
  EXPECT_EQ(p.rebalance_timeout, 7s);
  EXPECT_EQ(p.state_dir, "/var/lib/weir");
  EXPECT_EQ(p.state_memory_limit.value(), std::uint64_t{3} << 30);
  EXPECT_EQ(p.output.drop.size(), 2u);
}

TEST_F(parse_test, takes_null_for_a_name_where_it_is_one) {
  EXPECT_EQ(with("schema: { null: double }\n").schema[0].name, "null");
  EXPECT_EQ(with("commit: null\nprocessing: { guarantee: null }\n").processing.guarantee, std::nullopt);
}

TEST_F(parse_test, lets_sections_be_empty) {
  auto p = with("schema:\npreprocess:\naggregate:\nalerts:\n");
  EXPECT_TRUE(p.schema.empty());
  EXPECT_TRUE(steps_of(p, "preprocess").empty());
}

TEST_F(parse_test, reads_all_detectors) {
  auto p = with(R"(
schema: { x: double, k: string }
detect:
  - { zscore: x, as: a }
  - { moving_average: x, by: k, last: 50, threshold: 2.5, min_count: 10, as: b, score: s, max_keys: 7 }
  - { threshold: s, above: 4, below: -4, as: c }
)");
  ASSERT_EQ(steps_of(p, "detect").size(), 3u);
  EXPECT_EQ(line(steps_of(p, "detect")[0]), "{zscore: x, as: a, clear_below: 1, suppress_for: 0ms, min_count: 5}");
  EXPECT_EQ(line(steps_of(p, "detect")[1]),
            "{moving_average: x, last: 50, threshold: 2.5, by: k, max_keys: 7, as: b, score: s, "
            "clear_below: 1, suppress_for: 0ms, min_count: 10}");
  EXPECT_EQ(line(steps_of(p, "detect")[2]), "{threshold: s, above: 4, below: -4, as: c}");
}

TEST_F(parse_test, reads_an_alert_that_repeats) {
  auto p = with("schema: { x: double, k: string }\n"
                "alerts:\n  - { name: a, when: x > 1, by: k, repeat: 5m, severity: critical }\n");
  ASSERT_EQ(p.alerts.size(), 1u);
  EXPECT_EQ(p.alerts[0].by->text, "k");
  EXPECT_EQ(p.alerts[0].repeat, 5min);
  EXPECT_EQ(p.alerts[0].level, severity::critical);
}

TEST_F(parse_test, follows_aliases) {
  auto p = with("dead_letter: &t { kafka: { brokers: b, topic: a } }\nalert_sink: *t\n");
  EXPECT_EQ(line(*p.alert_sinks[0].to), line(*p.dead_letter->to));
}

TEST_F(parse_test, puts_in_variables_and_files_after_the_structure_is_known) {
  variables = {{"BROKERS", "b:9092"}, {"PORT", "8080"}, {"EVIL", "x, group: y }, file: z"}, {"DIR", "/d"}};
  auto p = good(R"(
name: p
source: { kafka: { brokers: "${BROKERS}", topic: "${IN:-txn}", properties: { sasl.password: "${file:/run/secret}" } } }
sink: { file: "${EVIL}" }
stats: { port: "${PORT}" }
state: { dir: "${DIR}/x/$${y}" }
)");
  const auto& source = *p.source.from;
  EXPECT_EQ(source.transactions()->brokers, "b:9092");
  EXPECT_EQ(source.name(), "txn");
  EXPECT_EQ(source.transactions()->properties.at("sasl.password"), "hunter3");
  EXPECT_EQ(line(*p.sinks[0].to), "{path: \"x, group: y }, file: z\", append: false, overwrite: false}");
  EXPECT_EQ(p.stats.port, 8080);
  EXPECT_EQ(p.state_dir, "/d/x/${y}");
}

TEST_F(parse_test, takes_the_default_of_a_variable_that_is_empty) {
  EXPECT_EQ(with("state.dir: ${EMPTY:-here}\n").state_dir, "here");
}

TEST_F(parse_test, is_exactly_once_from_kafka_to_kafka_alone) {
  auto of = [&](const std::string& sections) {
    return effective_guarantee(
        good("name: p\nsource: { kafka: { brokers: b, topic: t } }\nsink: { kafka: { topic: o } }\n" + sections));
  };
  EXPECT_EQ(of(""), guarantee::exactly_once);
  EXPECT_EQ(of("alert_sink: console\n"), guarantee::exactly_once);
  EXPECT_EQ(of("alert_sink: { file: a }\n"), guarantee::at_least_once);
  EXPECT_EQ(of("dead_letter: { file: a }\n"), guarantee::at_least_once);
  EXPECT_EQ(of("dead_letter: { kafka: { brokers: other, topic: d } }\n"), guarantee::at_least_once);
  EXPECT_EQ(of("processing.guarantee: at_least_once\n"), guarantee::at_least_once);
  EXPECT_EQ(effective_guarantee(with("")), guarantee::at_least_once);
}

TEST_F(parse_test, files_take_part_in_transactions_on_demand_and_say_how_often_these_are_committed) {
  auto of = [&](const std::string& sink, const std::string& sections) {
    return good("name: p\nsource: { kafka: { brokers: b, topic: t } }\nsink: " + sink + "\n" + sections);
  };
  EXPECT_EQ(effective_guarantee(of("{ file: out }", "")), guarantee::at_least_once);
  EXPECT_EQ(effective_commit_interval(of("{ file: out }", "")), milliseconds{100});
  const std::string exactly = "processing.guarantee: exactly_once\n";
  EXPECT_EQ(effective_commit_interval(of("{ file: out }", exactly)), milliseconds{10'000});
  EXPECT_EQ(effective_commit_interval(of("{ file: { path: out, roll: { every: 2s } } }", exactly)), milliseconds{2000});
  EXPECT_EQ(effective_commit_interval(of("{ file: out }", exactly + "commit.interval: 20s\n")), milliseconds{20'000});
  EXPECT_EQ(effective_commit_interval(of("{ kafka: { topic: o } }", exactly + "dead_letter: { file: d }\n")),
            milliseconds{100})
      << "dead letters come seldom, outputs must not wait for them";
  EXPECT_EQ(effective_commit_interval(good("name: p\nsource: { file: in }\nsink: { file: out }\n")),
            milliseconds{1000});
}

TEST_F(parse_test, names_the_place_and_the_nearest_word_of_an_unknown_field) {
  EXPECT_EQ(errors("name: p\nsource: { file: in.csv }\npreprocess:\n  - fitler: a > 1\nsink: console\n"),
            "p.yaml:4:5: error: unknown field 'fitler' in preprocess step, did you mean 'filter'?\n");
}

TEST_F(parse_test, says_so_when_the_file_cannot_be_read) {
  auto result = parse_pipeline(std::filesystem::path{"/nowhere/p.yaml"}, io::catalogue());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().at(0).text(), "/nowhere/p.yaml: error: cannot read the file: No such file or directory");
}

} // namespace
} // namespace weir::config
