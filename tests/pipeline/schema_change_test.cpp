#include "lane_fixture.hpp"

namespace weir::config {
namespace {

using test::lane;

class schema_change_test : public test::lane_fixture {
protected:
  static std::string sections(const std::string& learned = "0", const std::string& more = "") {
    return "schema: { id: int, fee: double }\n" + more + "detect: [ { schema_change: " + learned
           + ", as: changed, reason: what } ]\nalerts: [ { name: schema, when: changed, summary: \"{what}\" } ]\n";
  }

  /// `what` of each record that is alive, a line each; `-` where there is none.
  static std::string said(const lane& from, const core::batch& b) {
    const auto& flags = b.at(*from.plan().columns->find("changed"));
    const auto& what = b.at(*from.plan().columns->find("what"));
    std::string text;
    for (const auto row : b.rows) {
      EXPECT_EQ(flags.i64[row] != 0, !what.is_null(row));
      text += (what.is_null(row) ? "-" : std::string{what.text[row]}) + "\n";
    }
    return text;
  }

  /// `status: summary` of each alert, a line each.
  static std::string alerts(const core::batch& b) {
    std::string text;
    for (std::size_t i = 0; b.alerts && i < b.alerts->size(); ++i) {
      const std::string value{b.alerts->value(i)};
      const auto begin = value.find("\"summary\":\"") + 11;
      text += (value.find("\"firing\"") == std::string::npos ? "resolved: " : "firing: ")
              + value.substr(begin, value.find("\",\"starts_at", begin) - begin) + "\n";
    }
    return text;
  }

  lane_plan plan_of(const std::string& format, const std::string& sections) {
    auto made = compile(good("name: p\nsource: { file: in, format: " + format + " }\nsink: console\n" + sections));
    EXPECT_TRUE(made);
    return made ? *made : lane_plan{};
  }

  /// An alert that is over at once.
  static std::string twice(const std::string& change) { return "firing: " + change + "\nresolved: " + change + "\n"; }
};

TEST_F(schema_change_test, tells_each_change_once_in_the_record_that_shows_it) {
  lane seen{plan(sections())};
  const auto b = seen.run({R"({"id":1,"fee":2})", R"({"fee":3.5,"id":2})", R"({"id":3,"fee":1,"tip":"x"})",
                           R"({"id":4,"fee":1,"tip":"y"})", R"({"id":5})", R"({"id":6})"});
  EXPECT_EQ(said(seen, b), "-\n-\nfield 'tip' is new: \"x\" (string), first at offset 2\n-\n"
                           "field 'fee' is gone at offset 4: first 2 at offset 0, last 1 at offset 3\n-\n");
  EXPECT_EQ(alerts(b), twice("field 'tip' is new: \\\"x\\\" (string), first at offset 2")
                           + twice("field 'fee' is gone at offset 4: first 2 at offset 0, last 1 at offset 3"));
}

TEST_F(schema_change_test, a_record_that_is_refused_or_filtered_tells_its_change_to_alerts) {
  lane seen{plan(sections("0", "preprocess: [ { filter: id != 3 } ]\n"))};
  const auto b = seen.run({R"({"id":1,"fee":2})", R"({"id":2,"fee":"free"})", R"({"id":3,"fee":1,"tip":1})",
                           R"({"id":4,"fee":1,"tip":1})"});
  ASSERT_EQ(b.rows.size(), 2u);
  EXPECT_EQ(b.rejected.size(), 1u);
  EXPECT_EQ(said(seen, b), "-\n-\n");
  EXPECT_EQ(alerts(b), twice("field 'fee' is of another type: \\\"free\\\" (string) at offset 1, it was int or double, "
                             "last 2 at offset 0")
                           + twice("field 'tip' is new: 1 (int), first at offset 2"));
}

TEST_F(schema_change_test, knows_after_a_restart_what_it_has_told) {
  lane seen{plan(sections("2"))};
  seen.run({R"({"id":1,"fee":2,"more":[]})", R"({"id":2,"fee":2,"more":[]})"});
  seen.commit();
  EXPECT_EQ(seen.restart(), "");
  EXPECT_EQ(said(seen, seen.run({R"({"id":3,"fee":2,"more":[1]})", R"({"id":4,"fee":2})"})),
            "-\nfield 'more' is gone at offset 3: first [] at offset 0, last [1] at offset 2\n");
  seen.commit();
  EXPECT_EQ(seen.restart(), "");
  EXPECT_EQ(said(seen, seen.run({R"({"id":5,"fee":2})"})), "-\n");
  EXPECT_EQ(seen.counts().keys, 3u);
  EXPECT_NE(seen.restart_as(plan(sections("3"))), "");
}

TEST_F(schema_change_test, fields_of_csv_are_known_by_their_places_and_what_they_read_as) {
  lane seen{plan_of("csv", sections("2"))};
  const auto b = seen.run({"1,2.5", "2,3", "3,4.5", "4,\"free\"", "5,1,more", "6", "7,1"});
  EXPECT_EQ(b.rejected.size(), 3u);
  EXPECT_EQ(said(seen, b), "-\n-\n-\n-\n");
  EXPECT_EQ(
      alerts(b),
      twice("field 'column 2' is of another type: \\\"free\\\" (string) at offset 3, it was int or double, last 4.5 "
            "at offset 2")
          + twice("field 'column 3' is new: more (string), first at offset 4")
          + twice("field 'column 2' is gone at offset 5: first 2.5 at offset 0, last 1 at offset 4"));
}

TEST_F(schema_change_test, what_it_cannot_read_is_said) {
  const std::string csv = "name: p\nsource: { file: in, format: csv }\nsink: console\n";
  EXPECT_EQ(errors(csv + sections("0")),
            "p.yaml:5:11: error: 'schema_change' has to learn from some records of CSV: their "
            "fields are known by their places alone\n");
  EXPECT_NE(errors("name: p\nsource: { file: in, format: debezium_json }\nsink: console\n" + sections()), "");
}

} // namespace
} // namespace weir::config
