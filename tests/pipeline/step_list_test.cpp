#include "lane_fixture.hpp"

namespace weir::config {
namespace {

/// One list of steps of all kinds, `steps`.
class step_list_test : public test::lane_fixture {
protected:
  static constexpr auto schema = "schema: { id: string, x: double, y: double }\n";

  static std::string list(const std::vector<std::string>& steps) {
    std::string text = std::string{schema} + "steps:\n";
    for (const auto& step : steps)
      text += "  - " + step + "\n";
    return text;
  }

  static std::vector<std::string> records(std::initializer_list<double> xs) {
    std::vector<std::string> all;
    for (const auto x : xs)
      all.push_back(R"({"id":"a","x":)" + std::to_string(x) + "}");
    return all;
  }
};

TEST_F(step_list_test, derives_from_a_window) {
  test::lane lane{plan(list({"{ rolling: mean, of: x, by: id, last: 2, as: m }", "derive: { ratio: x / m }"}))};
  const auto b = lane.run(records({2, 6}));
  EXPECT_EQ(b.at(*lane.plan().columns->find("ratio")).f64, (std::vector{1.0, 1.5}));
}

TEST_F(step_list_test, filters_by_a_verdict_and_what_comes_behind_sees_the_rest_alone) {
  test::lane lane{plan(list({"{ threshold: x, above: 10, as: high }", "filter: not high",
                             "{ rolling: sum, of: x, by: id, last: 10, as: total }"}))};
  const auto b = lane.run(records({1, 20, 2}));
  EXPECT_EQ(b.rows, (std::vector<core::row_index>{0, 2}));
  EXPECT_EQ(b.filtered, 1u);
  EXPECT_EQ(b.at(*lane.plan().columns->find("total")).f64[2], 3);
}

TEST_F(step_list_test, a_window_sees_what_a_later_filter_takes_away) {
  test::lane lane{plan(list({"{ rolling: sum, of: x, by: id, last: 10, as: total }", "filter: x < 10"}))};
  const auto b = lane.run(records({1, 20, 2}));
  EXPECT_EQ(b.rows, (std::vector<core::row_index>{0, 2}));
  EXPECT_EQ(b.at(*lane.plan().columns->find("total")).f64[2], 23);
}

TEST_F(step_list_test, a_detector_watches_what_a_model_says_that_learns_on_a_window) {
  test::lane lane{
      plan(list({"{ rolling: mean, of: x, by: id, last: 2, as: m }",
                 "{ passive_aggressive_regressor: y, inputs: [m], as: said }", "derive: { wrong_by: abs(y - said) }",
                 "{ threshold: wrong_by, above: 5, as: far }", "{ page_hinkley: wrong_by, as: drifts }"}))};
  const auto b = lane.run({R"({"id":"a","x":1,"y":9})", R"({"id":"a","x":1,"y":1})"});
  EXPECT_EQ(b.at(*lane.plan().columns->find("wrong_by")).f64[0], 9); // it has learned nothing yet
  EXPECT_EQ(b.at(*lane.plan().columns->find("far")).i64[0], 1);
}

TEST_F(step_list_test, a_rule_over_verdicts_is_read_by_another_detector) {
  test::lane lane{plan(list({"{ threshold: x, above: 10, as: high }", "{ rule: high and y > 1, as: odd }",
                             "derive: { n: 'case when odd then 1.0 else 0.0 end' }",
                             "{ rolling: sum, of: n, by: id, last: 100, as: odd_so_far }"}))};
  const auto b = lane.run({R"({"id":"a","x":11,"y":2})", R"({"id":"a","x":1,"y":2})", R"({"id":"a","x":12,"y":2})"});
  EXPECT_EQ(b.at(*lane.plan().columns->find("odd_so_far")).f64, (std::vector{1.0, 1.0, 2.0}));
}

TEST_F(step_list_test, remembers_over_a_restart_whatever_stands_between_its_windows) {
  const auto steps = list({"{ rolling: sum, of: x, by: id, last: 10, as: a }", "filter: x > 0",
                           "{ rolling: sum, of: x, by: id, last: 10, as: b }", "dedupe: [id, x]",
                           "{ rolling: sum, of: x, by: id, last: 10, as: c }"});
  test::lane whole{plan(steps)};
  test::lane broken{plan(steps)};
  const std::vector<const char*> ids{"a", "b", "c"};
  for (const double x : {1.0, -1.0, 2.0, 2.0, 3.0}) {
    const auto one = whole.run(records({x}));
    const auto other = broken.run(records({x}));
    EXPECT_EQ(one.rows, other.rows);
    for (const auto* id : one.rows.empty() ? std::vector<const char*>{} : ids)
      EXPECT_EQ(one.at(*whole.plan().columns->find(id)).f64, other.at(*whole.plan().columns->find(id)).f64);
    broken.commit();
    ASSERT_EQ(broken.restart(), "");
  }
  const auto last = whole.run(records({4}));
  EXPECT_EQ(last.at(*whole.plan().columns->find("a")).f64[0], 1 - 1 + 2 + 2 + 3 + 4);
  EXPECT_EQ(last.at(*whole.plan().columns->find("b")).f64[0], 1 + 2 + 2 + 3 + 4);
  EXPECT_EQ(last.at(*whole.plan().columns->find("c")).f64[0], 1 + 2 + 3 + 4);
}

TEST_F(step_list_test, windows_and_detectors_share_a_look_up_whatever_reads_them_in_between) {
  const auto made = plan(list({"{ rolling: sum, of: x, by: id, last: 10, as: a }", "{ rule: x > 5, as: odd }",
                               "{ zscore: a, by: id, as: z }"}));
  EXPECT_EQ(made.make_operators().front().size(), 2u); // the windows and detectors, and the rule
}

TEST_F(step_list_test, is_the_same_as_the_sections_where_these_have_the_order) {
  test::lane sections{plan(std::string{schema}
                           + "preprocess: [ filter: x > 0, { derive: { z: x * 2 } } ]\n"
                             "aggregate: [ { rolling: mean, of: z, by: id, last: 2, as: m } ]\n"
                             "detect: [ { threshold: m, above: 5, as: high } ]\n")};
  test::lane one_list{
      plan(list({"filter: x > 0", "derive: { z: x * 2 }", "{ rolling: mean, of: z, by: id, last: 2, as: m }",
                 "{ threshold: m, above: 5, as: high }"}))};
  const auto input = records({1, -1, 3, 4});
  EXPECT_EQ(sections.output(input), one_list.output(input));
}

TEST_F(step_list_test, shows_itself_as_it_was_written) {
  const auto read = good(head + list({"filter: x > 0", "{ threshold: x, above: 5, as: high }"}));
  EXPECT_TRUE(read.lists_steps);
  ASSERT_EQ(read.steps.size(), 2u);
  EXPECT_EQ(read.steps[0]->section(), "preprocess");
  EXPECT_EQ(read.steps[1]->section(), "detect");
}

TEST_F(step_list_test, says_what_is_wrong_at_its_place) {
  EXPECT_EQ(compile_errors(list({"derive: { ratio: x / m }", "{ rolling: mean, of: x, last: 2, as: m, by: id }"})),
            "p.yaml:6:26: error: unknown column 'm', it is made later, in line 7\n");
  EXPECT_EQ(compile_errors(list({"fliter: x > 0"})),
            "p.yaml:6:5: error: unknown field 'fliter' in step, did you mean 'filter'?\n");
  EXPECT_EQ(compile_errors(std::string{schema} + "preprocess: [ filter: x > 0 ]\nsteps: [ filter: y > 0 ]\n"),
            "p.yaml:5:13: error: a pipeline has either 'steps' or 'preprocess': move these into the list in line 6\n");
}

TEST_F(step_list_test, no_two_kinds_are_options_of_each_other) {
  std::vector<const step_kind*> all;
  for (const auto* family : step_families(io::catalogue()))
    all.insert(all.end(), family->kinds.begin(), family->kinds.end());
  const auto has = [](const step_kind& kind, std::string_view name) {
    return std::ranges::any_of(kind.fields, [&](const auto& field) { return field.name == name; });
  };
  for (const auto* one : all)
    for (const auto* other : all)
      EXPECT_FALSE(one != other && has(*one, other->name) && has(*other, one->name)) << one->name << ' ' << other->name;
}

} // namespace
} // namespace weir::config
