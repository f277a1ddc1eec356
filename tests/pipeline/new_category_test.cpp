#include "lane_fixture.hpp"

#include <random>

namespace weir::config {
namespace {

using test::lane;

class new_category_test : public test::lane_fixture {
protected:
  static std::string sections(const std::string& options) {
    return "schema: { of: string, by: string, n: int, x: double }\ndetect: [ { new_category: of, " + options
           + ", as: never_seen, reason: why } ]\n";
  }

  static std::string record(const std::string& of, const std::string& by = "k") {
    return R"({"of":")" + of + R"(","by":")" + by + R"("})";
  }

  static std::vector<std::string> records(std::string_view letters) {
    std::vector<std::string> made;
    for (const auto letter : letters)
      made.push_back(record(std::string(1, letter)));
    return made;
  }

  /// `!` where a category was new, `.` where it was not, a blank where there is no verdict.
  static std::string verdicts(lane& from, const std::vector<std::string>& records) {
    const auto b = from.run(records);
    const auto& flags = b.at(*from.plan().columns->find("never_seen"));
    std::string text;
    for (const auto row : b.rows)
      text += flags.is_null(row) ? ' ' : flags.i64[row] != 0 ? '!' : '.';
    return text;
  }

  static std::string reason(lane& from, const std::string& record) {
    const auto b = from.run({record});
    const auto& why = b.at(*from.plan().columns->find("why"));
    return why.is_null(0) ? "" : std::string{why.text[0]};
  }
};

TEST_F(new_category_test, says_what_was_never_seen_once_it_has_seen_enough) {
  lane seen{plan(sections("min_count: 4"))};
  EXPECT_EQ(verdicts(seen, records("abacabdad")), "......!..");
}

TEST_F(new_category_test, says_nothing_of_a_null_and_does_not_count_it) {
  lane seen{plan(sections("min_count: 2"))};
  EXPECT_EQ(verdicts(seen, {record("a"), R"({"by":"k"})", R"({"of":null})", record("b"), record("c")}), ".  .!");
}

TEST_F(new_category_test, has_a_memory_for_each_key_and_one_for_the_null_key) {
  lane seen{plan(sections("by: by, min_count: 1"))};
  EXPECT_EQ(verdicts(seen, {record("a", "k"), record("a", "l"), record("b", "l"), record("a", "k"), record("b", "k"),
                            R"({"of":"a"})", R"({"of":"b","by":null})"}),
            "..!.!.!");
  EXPECT_EQ(seen.counts().keys, 3u);
}

TEST_F(new_category_test, lets_the_category_go_that_was_not_seen_for_longest) {
  lane seen{plan(sections("max_categories: 3, min_count: 1"))};
  // d takes the place of b, for a was seen again; then b is new, and takes that of c.
  EXPECT_EQ(verdicts(seen, records("abcadabdc")), ".!!.!.!.!");
}

TEST_F(new_category_test, forgets_keys_in_the_same_way) {
  lane seen{plan(sections("by: by, max_keys: 2, min_count: 1"))};
  EXPECT_EQ(verdicts(seen, {record("a", "k"), record("a", "l"), record("a", "m"), record("b", "l"), record("b", "k")}),
            "...!.");
  EXPECT_EQ(seen.counts().keys, 2u);
  EXPECT_EQ(seen.counts().evictions, 2u);
}

TEST_F(new_category_test, says_why) {
  lane seen{plan(sections("max_categories: 2, min_count: 1"))};
  EXPECT_EQ(reason(seen, record("web")), "");
  EXPECT_EQ(reason(seen, record("app")), "of app is new: 1 record before it had 1 category");
  EXPECT_EQ(reason(seen, record("app")), "");
  EXPECT_EQ(reason(seen, record("atm")), "of atm is none of the 2 categories that were seen last");
}

TEST_F(new_category_test, takes_numbers_truth_and_times_but_no_doubles) {
  lane seen{plan("schema: { n: int, t: timestamp, b: bool }\ndetect:\n"
                 "  - { new_category: n, min_count: 1, as: new_n, reason: why }\n"
                 "  - { new_category: t, min_count: 1, as: new_t }\n"
                 "  - { new_category: b, min_count: 1, as: new_b }\n")};
  EXPECT_EQ(
      seen.output({R"({"n":-1,"t":"2026-01-05T00:00:00Z","b":true})", R"({"n":0,"t":"2026-01-05T00:00:00Z","b":true})",
                   R"({"n":-1,"t":"2026-01-06T00:00:00Z","b":false})"}),
      R"({"n":-1,"t":"2026-01-05T00:00:00Z","b":true,"new_n":false,"why":null,"new_t":false,"new_b":false})"
      "\n"
      R"({"n":0,"t":"2026-01-05T00:00:00Z","b":true,"new_n":true,"why":"n 0 is new: 1 record before it had 1 category","new_t":false,"new_b":false})"
      "\n"
      R"({"n":-1,"t":"2026-01-06T00:00:00Z","b":false,"new_n":false,"why":null,"new_t":true,"new_b":true})"
      "\n");
  EXPECT_EQ(compile_errors("schema: { x: double }\ndetect: [ { new_category: x, as: odd } ]\n"),
            "p.yaml:5:27: error: detector needs a key of another type, 'x' is a double\n");
}

TEST_F(new_category_test, says_the_same_wherever_batches_and_restarts_fall) {
  std::mt19937 random{3};
  std::vector<std::string> all;
  for (int i = 0; i < 3000; ++i) {
    const auto category = random() % 4 == 0 ? random() % 200 : random() % 20;
    all.push_back(random() % 30 == 0
                      ? R"({"by":"1"})"
                      : record(std::to_string(category), std::to_string(i / 500 + static_cast<int>(random() % 2))));
  }
  for (const std::string by : {"", "by: by, max_keys: 3, "}) {
    const auto how = sections(by + "max_categories: 90, min_count: 20");
    lane whole{plan(how)};
    const auto wanted = verdicts(whole, all);
    EXPECT_GT(std::ranges::count(wanted, '!'), 50);
    lane parts{plan(how)};
    std::string said;
    for (std::size_t begin = 0; begin < all.size();) {
      const auto end = std::min(all.size(), begin + 1 + random() % 200);
      said += verdicts(
          parts, {all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(end)});
      begin = end;
      parts.commit();
      if (random() % 2 == 0) {
        ASSERT_EQ(parts.restart(), "");
      }
    }
    EXPECT_EQ(said, wanted) << by;
  }
}

TEST_F(new_category_test, does_not_go_on_with_what_another_bound_left) {
  lane seen{plan(sections("max_categories: 5"))};
  seen.run(records("abc"));
  seen.commit();
  EXPECT_NE(seen.restart_as(plan(sections("max_categories: 6"))), "");
}

} // namespace
} // namespace weir::config
