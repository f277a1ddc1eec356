#include "lane_fixture.hpp"

namespace weir::config {
namespace {

using test::lane;

/// Models that learn on behind a source of change events.
class online_changes_test : public test::lane_fixture {
protected:
  static std::string source() { return "name: p\nsource: { file: in, format: debezium }\nsink: console\n"; }

  lane_plan plan_of(const std::string& sections) {
    auto made = compile(good(source() + sections));
    for (const auto& d : made ? std::vector<diagnostic>{} : made.error())
      ADD_FAILURE() << d.text();
    return made ? *made : lane_plan{};
  }

  std::string errors_of(const std::string& sections) {
    const auto text = errors(source() + sections);
    if (!text.empty())
      return text;
    std::string all;
    const auto made = compile(good(source() + sections));
    for (const auto& d : made ? std::vector<diagnostic>{} : made.error())
      all += d.text() + "\n";
    return all;
  }

  static std::string row(double x, double y, const std::string& k = "a") {
    return "{\"k\":\"" + k + "\",\"x\":" + std::to_string(x) + ",\"y\":" + std::to_string(y) + "}";
  }
  static std::string created(const std::string& after) {
    return R"({"before":null,"after":)" + after + R"(,"op":"c"})";
  }
  static std::string updated(const std::string& before, const std::string& after) {
    return "{\"before\":" + before + ",\"after\":" + after + ",\"op\":\"u\"}";
  }
  static std::string deleted(const std::string& before) {
    return "{\"before\":" + before + R"(,"after":null,"op":"d"})";
  }

  static std::vector<double> said(lane& of, const std::vector<std::string>& records) {
    const auto batch = of.run(records);
    EXPECT_TRUE(batch.rejected.empty()) << reasons(batch).front();
    return batch.at(*of.plan().columns->find("said")).f64;
  }
};

constexpr auto whole_schema = "schema: { k: string, x: double, y: double, before.k: string, before.x: double, "
                              "before.y: double, __op: string }\n";
constexpr auto squares = "infer: [ { recursive_least_squares: y, inputs: [x], as: said } ]\n";

TEST_F(online_changes_test, an_update_and_a_delete_leave_what_the_rows_that_are_there_teach) {
  lane changed{plan_of(std::string{whole_schema} + squares)};
  changed.run({created(row(1, 2)), created(row(2, 5)), created(row(3, 70)), created(row(4, 1000))});
  changed.run({updated(row(3, 70), row(3, 7)), deleted(row(4, 1000))});
  lane plain{plan_of(std::string{whole_schema} + squares)};
  plain.run({created(row(1, 2)), created(row(2, 5)), created(row(3, 7))});
  EXPECT_NEAR(said(changed, {created(row(9, 0))})[0], said(plain, {created(row(9, 0))})[0], 1e-8);
  EXPECT_EQ(changed.counts().learned, 6u);
  EXPECT_EQ(changed.counts().unlearned, 2u);
  EXPECT_EQ(changed.counts().not_unlearned, 0u);
}

TEST_F(online_changes_test, it_does_not_matter_where_batches_end) {
  std::vector<std::string> records;
  for (int i = 0; i < 400; ++i) {
    records.push_back(created(row(i % 17, i % 5)));
    if (i % 3 == 0)
      records.push_back(updated(row(i % 17, i % 5), row(i % 17, i % 7)));
    if (i % 7 == 0)
      records.push_back(deleted(row(i % 17, i % 3 == 0 ? i % 7 : i % 5)));
  }
  lane whole{plan_of(std::string{whole_schema} + squares)}, parts{plan_of(std::string{whole_schema} + squares)};
  const auto all = said(whole, records);
  std::vector<double> got;
  for (std::size_t i = 0; i < records.size(); i += 7) {
    const auto from = records.begin() + static_cast<std::ptrdiff_t>(i);
    const auto some =
        said(parts, {from, from + static_cast<std::ptrdiff_t>(std::min<std::size_t>(7, records.size() - i))});
    got.insert(got.end(), some.begin(), some.end());
  }
  EXPECT_EQ(got, all);
  EXPECT_EQ(whole.counts().unlearned, parts.counts().unlearned);
}

TEST_F(online_changes_test, a_row_that_moves_to_another_key_leaves_the_model_of_the_first) {
  const std::string by_key = "infer: [ { recursive_least_squares: y, inputs: [x], by: k, as: said } ]\n";
  lane changed{plan_of(whole_schema + by_key)}, plain{plan_of(whole_schema + by_key)};
  changed.run({created(row(1, 2)), created(row(2, 3)), created(row(1, 50)), updated(row(1, 50), row(1, 50, "b"))});
  plain.run({created(row(1, 2)), created(row(2, 3)), created(row(1, 50, "b"))});
  for (const auto* key : {"a", "b"})
    EXPECT_NEAR(said(changed, {created(row(5, 0, key))})[0], said(plain, {created(row(5, 0, key))})[0], 1e-8) << key;
}

TEST_F(online_changes_test, an_event_without_the_old_row_is_learned_and_nothing_is_taken_away) {
  lane model{plan_of(std::string{whole_schema} + squares)};
  model.run({created(row(1, 2)), R"({"before":null,"after":{"k":"a","x":1,"y":3},"op":"u"})",
             R"({"before":{"k":"a"},"after":{"k":"a","x":1,"y":4},"op":"u"})"});
  EXPECT_EQ(model.counts().learned, 3u);
  EXPECT_EQ(model.counts().unlearned, 0u);
}

TEST_F(online_changes_test, classes_are_un_learned_too) {
  const std::string sections =
      "schema: { x: double, kind: string, before.x: double, before.kind: string, __deleted: bool }\n"
      "infer: [ { gaussian_nb: kind, inputs: [x], as: said, probability: p } ]\n";
  const auto of = [](double x, const std::string& kind) {
    return "{\"x\":" + std::to_string(x) + ",\"kind\":\"" + kind + "\"}";
  };
  lane changed{plan_of(sections)}, plain{plan_of(sections)};
  changed.run({created(of(1, "cat")), created(of(2, "cat")), created(of(7, "cat")), created(of(8, "dog")),
               updated(of(7, "cat"), of(7, "dog")), created(of(100, "dog")), deleted(of(100, "dog"))});
  plain.run({created(of(1, "cat")), created(of(2, "cat")), created(of(8, "dog")), created(of(7, "dog"))});
  const auto probability = [&](lane& model) {
    return model.run({created(of(4, "cat"))}).at(*model.plan().columns->find("p")).f64[0];
  };
  EXPECT_NEAR(probability(changed), probability(plain), 1e-12);
}

TEST_F(online_changes_test, models_that_cannot_un_learn_do_not_learn_what_is_deleted) {
  lane model{plan_of(std::string{whole_schema} + "infer: [ { sgd_regressor: y, inputs: [x], as: said } ]\n")};
  model.run({created(row(1, 2)), updated(row(1, 2), row(1, 3)), deleted(row(1, 3))});
  EXPECT_EQ(model.counts().learned, 2u);
  EXPECT_EQ(model.counts().unlearned, 0u);
}

TEST_F(online_changes_test, plans_say_what_is_done) {
  const auto note = [&](const std::string& schema, const std::string& step) {
    const auto notes = plan_of(schema + "infer: [ { " + step + ", inputs: [x], as: said } ]\n").notes;
    return notes.size() == 1 ? notes.front() : std::to_string(notes.size()) + " notes";
  };
  EXPECT_EQ(note(whole_schema, "recursive_least_squares: y"), "'said' un-learns the old rows of updates and deletes");
  EXPECT_EQ(note(whole_schema, "recursive_least_squares: y, unlearn: false"),
            "'said' learns each change as a row (unlearn: false)");
  EXPECT_EQ(note(whole_schema, "sgd_regressor: y"), "'said' learns new rows only: sgd_regressor cannot un-learn");
  EXPECT_EQ(note("schema: { x: double, y: double, before.x: double, __op: string }\n", "recursive_least_squares: y"),
            "'said' learns new rows only: the schema has no 'before.y', of the type of 'y'");
  EXPECT_EQ(note("schema: { x: double, y: double }\n", "recursive_least_squares: y"),
            "'said' learns each change as a row, deletes too: the schema has no '__op'");
}

TEST_F(online_changes_test, a_wish_that_cannot_be_met_is_an_error_that_says_what_is_missing) {
  const auto wrong = [&](const std::string& schema, const std::string& step) {
    const auto text = errors_of(schema + "infer: [ { " + step + ", inputs: [x], as: said, unlearn: true } ]\n");
    const auto begin = text.find("error: ");
    return begin == std::string::npos ? text : text.substr(begin + 7);
  };
  EXPECT_EQ(wrong(whole_schema, "sgd_regressor: y"),
            "'sgd_regressor' cannot un-learn as it is set here: remove 'unlearn'\n");
  EXPECT_EQ(wrong(whole_schema, "recursive_least_squares: y, forgetting_factor: 0.99"),
            "'recursive_least_squares' cannot un-learn as it is set here: remove 'unlearn'\n");
  EXPECT_EQ(
      wrong("schema: { x: double, y: double, before.y: double }\n", "recursive_least_squares: y"),
      "'unlearn' needs in the schema: '__op', a string, or '__deleted', a bool, 'before.x', of the type of 'x'\n");
  EXPECT_EQ(compile_errors("schema: { x: double, y: double }\n"
                           "infer: [ { recursive_least_squares: y, inputs: [x], as: said, unlearn: true } ]\n")
                    .find("'unlearn' belongs to a source of 'format: debezium'")
                == std::string::npos,
            false);
}

TEST_F(online_changes_test, an_input_that_a_step_made_needs_an_old_one_that_was_made) {
  const std::string schema = "schema: { x: double, y: double, before.x: double, before.y: double, __op: string }\n";
  const auto plan = plan_of(schema
                            + "preprocess: [ { derive: { double_x: x * 2 } } ]\n"
                              "infer: [ { recursive_least_squares: y, inputs: [double_x], as: said } ]\n");
  ASSERT_EQ(plan.notes.size(), 1u);
  EXPECT_EQ(plan.notes.front(), "'said' learns new rows only: the schema has no 'before.double_x', of the type of "
                                "'double_x' and made as it is");
  const auto both = plan_of(schema
                            + "preprocess: [ { derive: { double_x: x * 2, before.double_x: before.x * 2 } } ]\n"
                              "infer: [ { recursive_least_squares: y, inputs: [double_x], as: said } ]\n");
  ASSERT_EQ(both.notes.size(), 1u);
  EXPECT_EQ(both.notes.front(), "'said' un-learns the old rows of updates and deletes");
}

} // namespace
} // namespace weir::config
