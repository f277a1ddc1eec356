#include "core/alert/alert_rules.hpp"
#include "core/keyed/key_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace weir::core {
namespace {

/// One record of the lane that the tests watch.
struct reading {
  std::string key;
  double amount = 0;
  bool is_null = false;
  bool is_filtered = false;
};

class lane_alerts_test : public ::testing::Test {
protected:
  static constexpr std::uint8_t tag = 'A';
  static constexpr std::int64_t start = 1'767'620'710'123; // 2026-01-05T13:45:10.123Z

  lane_alerts_test() {
    columns.add({"Customer", column_type::string, true});
    columns.add({"Amount", column_type::float64, true});
  }

  /// A stage with one rule; the cluster knows `mean_5m`.
  void use(alert_options options) {
    auto all = columns;
    all.add({"mean_5m", column_type::float64});
    auto rule = alert_rule::bind(all, options);
    ASSERT_TRUE(rule) << rule.error().text();
    auto rules = std::make_shared<lane_alert_rules>();
    rules->pipeline = "p";
    rules->topic = "txn";
    rules->by_names.push_back(options.by ? columns[*options.by].name : "key");
    rules->rules.push_back(*std::move(rule));
    rules->lane_columns = columns.size();
    rules->cluster = cluster;
    shared = std::move(rules);
    stage = std::make_unique<lane_alerts>(shared, tag);
  }

  /// Sends records a second apart and returns the alerts, a line each.
  std::string alerts(const std::vector<reading>& readings) {
    auto raw = std::make_shared<raw_block>();
    auto customer = std::make_shared<column>();
    auto amount = std::make_shared<column>();
    customer->type = column_type::string;
    batch b;
    for (const auto& r : readings) {
      raw->append(next, start + 1000 * next, r.key.data(), r.key.size(), "{}", 2);
      ++next;
      if (!r.is_filtered)
        b.rows.push_back(static_cast<row_index>(amount->f64.size()));
      amount->f64.push_back(r.amount);
      amount->null.push_back(r.is_null ? 1 : 0);
      customer->text.emplace_back(r.key);
    }
    b.raw = raw;
    b.columns = {customer, amount};
    stage->process(b);
    rejected = b.rejected;
    std::string lines;
    for (std::size_t i = 0; b.alerts && i < b.alerts->size(); ++i)
      lines += std::string{b.alerts->value(i)} + "\n";
    return lines;
  }

  /// The status and the key of each alert, as in `+C1 -C2 `.
  std::string short_alerts(const std::vector<reading>& readings) {
    std::istringstream lines{alerts(readings)};
    std::string result;
    for (std::string line; std::getline(lines, line);) {
      auto key = line.find("\"Customer\":\"") + 12;
      result += (line.find("\"firing\"") != std::string::npos ? "+" : "-") + line.substr(key, line.find('"', key) - key)
                + " ";
    }
    return result;
  }

  /// The options of a rule by customer.
  static alert_options spike() { return {"spike", "Amount > 100", "high", "{Customer} spent {Amount}", 0, 0}; }

  layout columns;
  std::shared_ptr<cluster_values> cluster = std::make_shared<cluster_values>(std::vector<std::string>{"mean_5m"});
  std::shared_ptr<const lane_alert_rules> shared;
  std::unique_ptr<lane_alerts> stage;
  std::vector<rejection> rejected; ///< of the last readings
  std::int64_t next = 0;
};

TEST_F(lane_alerts_test, says_what_happened_where_and_since_when) {
  use(spike());
  EXPECT_EQ(alerts({{"C1", 50}, {"C1", 150.5}}),
            R"({"alert":"spike","status":"firing","severity":"high","fingerprint":"7ddb5fd5117b2833",)"
            R"("summary":"C1 spent 150.5","starts_at":"2026-01-05T13:45:11.123Z","ends_at":null,)"
            R"("labels":{"pipeline":"p","Customer":"C1"},"topic":"txn","partition":0,"offset":1})"
            "\n");
  EXPECT_EQ(alerts({{"C1", 20}}),
            R"({"alert":"spike","status":"resolved","severity":"high","fingerprint":"7ddb5fd5117b2833",)"
            R"("summary":"C1 spent 20","starts_at":"2026-01-05T13:45:11.123Z","ends_at":"2026-01-05T13:45:12.123Z",)"
            R"("labels":{"pipeline":"p","Customer":"C1"},"topic":"txn","partition":0,"offset":2})"
            "\n");
}

TEST_F(lane_alerts_test, fires_once_for_each_key_until_it_is_resolved) {
  use(spike());
  EXPECT_EQ(short_alerts({{"C1", 150}, {"C2", 150}, {"C1", 160}, {"C1", 10}, {"C1", 10}, {"C1", 150}}),
            "+C1 +C2 -C1 +C1 ");
  EXPECT_EQ(stage->firing(), 2u);
}

TEST_F(lane_alerts_test, says_nothing_about_null) {
  use(spike());
  EXPECT_EQ(short_alerts({{"C1", 150}, {"C1", 0, true}, {"C1", 150}, {"C2", 0, true}}), "+C1 ");
}

TEST_F(lane_alerts_test, repeats_a_firing_alert_by_the_time_of_the_records) {
  auto options = spike();
  options.repeat_ms = 3000;
  use(options);
  EXPECT_EQ(short_alerts({{"C1", 150}, {"C1", 150}, {"C1", 150}, {"C1", 150}, {"C1", 150}}), "+C1 +C1 ");
}

TEST_F(lane_alerts_test, takes_the_key_of_the_record_without_by) {
  auto options = spike();
  options.by.reset();
  use(options);
  EXPECT_NE(alerts({{"C1", 150}}).find("\"key\":\"C1\""), std::string::npos);
  EXPECT_NE(alerts({{"\xff\"", 150}}).find("\"key\":\"\xef\xbf\xbd\\\"\""), std::string::npos);
}

TEST_F(lane_alerts_test, looks_only_at_records_that_are_alive) {
  use(spike());
  EXPECT_EQ(short_alerts({{"C1", 150, false, true}, {"C2", 150}, {"C2", 10, false, true}}), "+C2 ");
  EXPECT_EQ(alerts({{"C1", 150, false, true}}), "");
}

TEST_F(lane_alerts_test, compares_with_the_newest_value_of_the_cluster) {
  auto options = spike();
  options.when = "Amount > 2 * mean_5m";
  options.summary = "mean {mean_5m}";
  use(options);
  EXPECT_EQ(alerts({{"C1", 150}}), ""); // there is no mean yet
  cluster->set("mean_5m", 50);
  cluster->set("unheard_of", 1);
  auto text = alerts({{"C1", 90}, {"C2", 110}});
  EXPECT_NE(text.find("\"Customer\":\"C2\""), std::string::npos);
  EXPECT_NE(text.find("\"summary\":\"mean 50\""), std::string::npos);
  EXPECT_EQ(text.find("C1"), std::string::npos);
}

TEST_F(lane_alerts_test, goes_on_after_a_restart_as_if_it_had_never_stopped) {
  auto options = spike();
  options.repeat_ms = 3000;
  use(options);
  alerts({{"C1", 150}, {"C2", 150}, {"C3", 150}, {"C3", 10}, {"", 150}});
  record_block changes;
  stage->collect_changes(changes);
  EXPECT_EQ(changes.size(), 4u);

  auto restarted = std::make_unique<lane_alerts>(shared, tag);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    EXPECT_EQ(changes.key(i).front(), tag);
    auto value = changes.value(i);
    auto is_null = changes.entries[i].value_size == record_block::none;
    ASSERT_TRUE(restarted->restore(changes.key(i), is_null ? nullptr : &value));
  }
  auto same = next;
  auto expected = alerts({{"C1", 10}, {"C2", 150}, {"C3", 150}, {"", 1}});
  stage = std::move(restarted);
  next = same;
  EXPECT_EQ(alerts({{"C1", 10}, {"C2", 150}, {"C3", 150}, {"", 1}}), expected);
}

TEST_F(lane_alerts_test, collects_only_what_has_changed_since) {
  use(spike());
  record_block changes;
  alerts({{"C1", 150}});
  stage->collect_changes(changes);
  stage->collect_changes(changes);
  alerts({{"C1", 160}});
  stage->collect_changes(changes);
  EXPECT_EQ(changes.size(), 1u);
  alerts({{"C1", 10}});
  stage->collect_changes(changes);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes.entries[1].value_size, record_block::none);
}

TEST_F(lane_alerts_test, erases_the_state_of_a_rule_that_is_no_more) {
  use(spike());
  alerts({{"C1", 150}});
  record_block before;
  stage->collect_changes(before);
  auto other = spike();
  other.name = "other";
  use(other);
  auto value = before.value(0);
  ASSERT_TRUE(stage->restore(before.key(0), &value));
  record_block after;
  stage->collect_changes(after);
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(after.key(0), before.key(0));
  EXPECT_EQ(after.entries[0].value_size, record_block::none);
}

TEST_F(lane_alerts_test, refuses_state_of_another_version) {
  use(spike());
  alerts({{"C1", 150}});
  record_block changes;
  stage->collect_changes(changes);
  std::string_view value = "\x09nonsense";
  auto restored = stage->restore(changes.key(0), &value);
  ASSERT_FALSE(restored);
  EXPECT_NE(restored.error().what.find("'spike'"), std::string::npos);
  EXPECT_FALSE(stage->restore("A", &value));
}

TEST_F(lane_alerts_test, says_what_is_beyond_its_bound_and_lets_the_oldest_go) {
  use(spike());
  std::vector<reading> many;
  for (std::size_t i = 0; i < lane_alerts::max_alerts_of_a_rule + 3; ++i)
    many.push_back({"C" + std::to_string(i), 150});
  const auto said = alerts(many);
  EXPECT_EQ(static_cast<std::size_t>(std::count(said.begin(), said.end(), '\n')), many.size());
  EXPECT_EQ(stage->firing(), lane_alerts::max_alerts_of_a_rule);
  EXPECT_EQ(stage->counts().evictions, 3u);
  EXPECT_EQ(short_alerts({{"C2", 10}, {"C3", 10}}), "-C3 ");
}

TEST_F(lane_alerts_test, keeps_to_its_bytes_and_erases_what_went) {
  use(spike());
  stage = std::make_unique<lane_alerts>(shared, tag, 2 * (firing_alerts::bytes_per_alert + 2));
  EXPECT_EQ(short_alerts({{"C1", 150}, {"C2", 150}}), "+C1 +C2 ");
  EXPECT_EQ(stage->counts().bytes, 2 * (firing_alerts::bytes_per_alert + 2));
  EXPECT_EQ(stage->counts().evictions, 0u);
  record_block changes;
  stage->collect_changes(changes);
  EXPECT_EQ(short_alerts({{"C3", 150}}), "+C3 ");
  EXPECT_EQ(stage->counts().bytes, 2 * (firing_alerts::bytes_per_alert + 2));
  EXPECT_EQ(stage->counts().evictions, 1u);
  stage->collect_changes(changes);
  ASSERT_EQ(changes.size(), 4u);
  EXPECT_EQ(changes.key(2), changes.key(0)); // of C1
  EXPECT_EQ(changes.entries[2].value_size, record_block::none);
  EXPECT_NE(changes.entries[3].value_size, record_block::none);
}

TEST_F(lane_alerts_test, refuses_a_record_whose_key_is_too_long) {
  const std::string longest(max_key_bytes, 'k');
  use(spike());
  EXPECT_EQ(short_alerts({{longest + "k", 150}, {longest, 150}, {longest + "kk", 10}}), "+" + longest + " ");
  ASSERT_EQ(rejected.size(), 2u);
  EXPECT_EQ(rejected[0].row, 0u);
  EXPECT_EQ(rejected[0].reason, "the key in 'Customer' has 4097 bytes; 4096 are the most");
  EXPECT_EQ(rejected[1].row, 2u);
  auto options = spike();
  options.by.reset();
  use(options);
  EXPECT_NE(alerts({{longest + "k", 150}, {longest, 150}}), "");
  ASSERT_EQ(rejected.size(), 1u);
  EXPECT_EQ(rejected[0].reason, "the record's key has 4097 bytes; 4096 are the most");
  EXPECT_EQ(stage->firing(), 1u);
}

TEST_F(lane_alerts_test, has_fingerprints_that_never_change) {
  use(spike());
  EXPECT_EQ(shared->rules[0].fingerprint("C1"), "7ddb5fd5117b2833");
  EXPECT_NE(shared->rules[0].fingerprint("C2"), shared->rules[0].fingerprint("C1"));
}

TEST_F(lane_alerts_test, says_where_a_rule_is_wrong) {
  auto error = [&](alert_options options) { return alert_rule::bind(columns, std::move(options)).error().text(); };
  EXPECT_EQ(error({"a", "Amount + 1", "low", "", {}, 0}), "when col 1: an alert needs true or false, this is a double");
  EXPECT_EQ(error({"a", "Amount > 1", "low", "of {Customr}", {}, 0}),
            "summary col 5: unknown column 'Customr' (did you mean 'Customer'?)");
  EXPECT_EQ(error({"a", "Amount > 1", "low", "a } b", {}, 0}),
            "summary col 3: a '}' without its pair (write '}}' for a brace)");
  EXPECT_EQ(error({"a", "Amount > 1", "low", "a {b", {}, 0}),
            "summary col 3: a '{' without its pair (write '{{' for a brace)");
}

TEST(alert_summary_test, writes_braces_that_are_doubled) {
  layout columns;
  columns.add({"n", column_type::int64});
  auto made = std::make_shared<column>();
  made->type = column_type::int64;
  made->i64 = {7};
  batch b;
  b.columns = {made};
  std::string text;
  alert_summary::parse(columns, "{{{n}}} of {{n}}")->render(b, 0, text);
  EXPECT_EQ(text, "{7} of {n}");
}

class engine_alerts_test : public ::testing::Test {
protected:
  void use(const std::string& when, std::int64_t repeat_ms = 0) {
    std::vector<alert_rule> rules;
    rules.push_back(*alert_rule::bind(engine_alerts::columns({"mean_5m"}),
                                      {"behind", when, "critical", "{engine.lag} wait", {}, repeat_ms}));
    alerts = std::make_unique<engine_alerts>("p", std::vector<std::string>{"mean_5m"}, std::move(rules));
  }

  std::string at(std::int64_t now, double lag) {
    record_block out;
    alerts->evaluate({{"engine.lag", lag}}, now, out);
    return out.empty() ? std::string{} : std::string{out.value(0)};
  }

  std::unique_ptr<engine_alerts> alerts;
};

TEST_F(engine_alerts_test, fires_when_a_metric_passes_its_bound_and_resolves_behind_it) {
  use("engine.lag > 1000");
  EXPECT_EQ(at(0, 10), "");
  EXPECT_EQ(
      at(1000, 5000),
      R"({"alert":"behind","status":"firing","severity":"critical","fingerprint":"b1e24e0bf1af9672",)"
      R"("summary":"5000 wait","starts_at":"1970-01-01T00:00:01.000Z","ends_at":null,"labels":{"pipeline":"p"}})");
  EXPECT_EQ(at(2000, 6000), "");
  EXPECT_EQ(alerts->firing().size(), 1u);
  EXPECT_NE(at(3000, 0).find("\"resolved\""), std::string::npos);
  EXPECT_EQ(at(4000, 0), "");
}

TEST_F(engine_alerts_test, repeats_by_its_own_clock) {
  use("engine.lag > 1000", 2000);
  EXPECT_NE(at(0, 5000), "");
  EXPECT_EQ(at(1999, 5000), "");
  EXPECT_NE(at(2000, 5000), "");
}

TEST_F(engine_alerts_test, says_nothing_about_a_value_that_it_does_not_have) {
  use("mean_5m > 3");
  EXPECT_EQ(at(0, 5000), "");
  record_block out;
  alerts->evaluate({{"mean_5m", 4}}, 1000, out);
  EXPECT_EQ(out.size(), 1u);
}

} // namespace
} // namespace weir::core
