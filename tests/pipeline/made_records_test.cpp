#include "lane_fixture.hpp"

namespace weir::config {
namespace {

/// Windows that make records of their own: tumbling, hopping, session.
class made_records_test : public test::lane_fixture {
protected:
  static constexpr auto schema = "schema: { id: string, x: double, at: timestamp }\n";

  static std::string with(const std::string& steps) { return std::string{schema} + "steps:\n" + steps; }

  static std::string record(const std::string& id, double x, const std::string& second) {
    return R"({"id":")" + id + R"(","x":)" + std::to_string(x) + R"(,"at":"2026-01-01T00:00:)" + second
           + R"(Z","more":1})";
  }
};

TEST_F(made_records_test, go_out_in_place_of_the_records_that_they_are_made_of) {
  test::lane lane{plan(with("  - { tumbling: 10s, by: id, time: at, aggregates: { n: count(), total: sum(x) } }\n"))};
  EXPECT_EQ(
      lane.output({record("a", 1, "01"), record("b", 2, "02"), record("a", 3, "09"), record("a", 4, "10")}),
      R"({"id":"a","window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:00:10.000Z","n":2,"total":4})"
      "\n"
      R"({"id":"b","window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:00:10.000Z","n":1,"total":2})"
      "\n");
}

TEST_F(made_records_test, are_records_for_all_that_stands_behind) {
  test::lane lane{plan(with("  - filter: x > 0\n"
                            "  - { tumbling: 10s, by: id, time: at, aggregates: { total: sum(x) } }\n"
                            "  - derive: { twice: total * 2 }\n"
                            "  - filter: twice > 5\n"
                            "  - { rolling: sum, of: twice, by: id, last: 9, as: so_far }\n"
                            "  - { tumbling: 20s, by: id, time: window_start, aggregates: { "
                            "windows: count(), all: max(so_far) } }\n"))};
  const auto b = lane.run(
      {record("a", 1, "01"), record("a", 3, "11"), record("a", 4, "21"), record("a", -9, "22"), record("a", 5, "55")});
  ASSERT_EQ(b.rows.size(), 1u); // 0-20 holds the second window alone: the first was filtered
  EXPECT_EQ(b.at(*lane.plan().columns->find("windows")).i64[0], 1);
  EXPECT_EQ(b.at(*lane.plan().columns->find("all")).f64[0], 6);
  EXPECT_EQ(b.records_read(), 5u);
  EXPECT_EQ(b.records_made(), 4u); // 3 of the first window, of which a filter let one go, and one of the second
}

TEST_F(made_records_test, are_of_the_rows_that_a_csv_sink_gets) {
  auto made = compile(good("name: p\nsource: { file: in.csv }\nsink: { file: out.csv }\n" + std::string{schema}
                           + "aggregate: [ { session: 5s, by: id, time: at, aggregates: { n: count() } } ]\n"));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->sink_header({"id", "x", "at", "more"}), "id,window_start,window_end,n");
}

TEST_F(made_records_test, remember_open_windows_over_a_restart) {
  test::lane lane{plan(with("  - { hopping: 20s, every: 10s, by: id, time: at, aggregates: { n: count() } }\n"))};
  lane.run({record("a", 1, "01"), record("a", 1, "05")});
  lane.commit();
  EXPECT_EQ(lane.restart(), "");
  EXPECT_EQ(lane.output({record("a", 1, "11")}),
            R"({"id":"a","window_start":"2025-12-31T23:59:50.000Z","window_end":"2026-01-01T00:00:10.000Z","n":2})"
            "\n");
}

TEST_F(made_records_test, alerts_see_what_is_made) {
  test::lane lane{plan(with("  - { tumbling: 10s, by: id, time: at, aggregates: { total: sum(x) } }\n")
                       + "alerts: [ { name: much, when: total > 3, summary: '{id} has {total}' } ]\n")};
  const auto b = lane.run({record("a", 5, "01"), record("b", 1, "01"), record("a", 1, "10")});
  ASSERT_TRUE(b.alerts);
  ASSERT_EQ(b.alerts->size(), 1u);
  EXPECT_NE(b.alerts->value(0).find("a has 5"), std::string_view::npos) << b.alerts->value(0);
}

TEST_F(made_records_test, say_what_is_wrong_at_its_place) {
  const auto wrong = [&](const std::string& aggregates) {
    return compile_errors(with("  - { tumbling: 10s, by: id, aggregates: { n: '" + aggregates + "' } }\n"));
  };
  EXPECT_EQ(wrong("maen(x)"), "p.yaml:6:48: error: unknown function 'maen' of a window, did you mean 'mean'?\n");
  EXPECT_EQ(wrong("mean(y)"), "p.yaml:6:48: error: unknown column 'y' in aggregate, did you mean 'x'?\n");
  EXPECT_EQ(wrong("mean(id)"), "p.yaml:6:48: error: 'mean(id)': it takes numbers, and the column is a string\n");
  EXPECT_EQ(wrong("quantile(x)"), "p.yaml:6:48: error: 'quantile' is used as in quantile(Amount, 0.95)\n");
  EXPECT_EQ(wrong("quantile(x, 2)"),
            "p.yaml:6:48: error: 'quantile(x, 2)': the share of a quantile is between 0 and 1\n");
  EXPECT_EQ(wrong("sum()"), "p.yaml:6:48: error: 'sum' needs a column, as in sum(Amount)\n");
  EXPECT_EQ(wrong("x"), "p.yaml:6:48: error: 'x' is no function of a column (as in mean(Amount), or count())\n");
  EXPECT_EQ(
      compile_errors(with("  - { tumbling: 10s, aggregates: { n: count() } }\n  - filter: x > 1\n")),
      "p.yaml:7:13: error: unknown column 'x', the window in line 6 makes records without it: name it in its 'by' "
      "or in its 'aggregates'\n");
  EXPECT_EQ(compile_errors(with("  - { hopping: 10s, every: 3s, aggregates: { n: count() } }\n")),
            "p.yaml:6:28: error: the length of hopping windows is a multiple of 'every', up to 10,000 of it\n");
  EXPECT_EQ(
      compile_errors(with("  - { rolling: mean, of: x, over: 5m, as: m }\n"
                          "  - { tumbling: 10s, aggregates: { n: count() } }\n")),
      "p.yaml:7:5: error: 'm' is over the whole cluster, of records that are taken here: put it behind this step, "
      "or give it 'by'\n");
}

} // namespace
} // namespace weir::config
