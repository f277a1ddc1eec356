#include "core/expression/expression_functions.hpp"

#include "expression_fixture.hpp"

namespace weir::core {
namespace {

using functions_test = expression_fixture;

TEST_F(functions_test, of_numbers_are_those_of_the_standard_library) {
  real("x", {-2.7});
  whole("n", {-7});
  EXPECT_EQ(value("sign(x)"), "-1");
  EXPECT_EQ(value("sign(0.0)"), "0");
  EXPECT_EQ(value("trunc(x)"), "double -2.000000");
  EXPECT_EQ(value("trunc(n)"), "-7");
  EXPECT_EQ(value("round(2.345, 2)"), "double 2.350000");
  EXPECT_EQ(value("round(1250, -2)"), "double 1300.000000");
  EXPECT_EQ(value("mod(n, 3)"), "-1");
  EXPECT_EQ(value("cbrt(27)"), "double 3.000000");
  EXPECT_EQ(value("log10(1000) + log2(8) + log1p(0)"), "double 6.000000");
  EXPECT_EQ(value("degrees(atan2(1, 1))"), "double 45.000000");
  EXPECT_EQ(value("sin(radians(90)) - cos(pi())"), "double 2.000000");
  EXPECT_EQ(value("asin(1) + acos(1) - pi() / 2"), "double 0.000000");
}

TEST_F(functions_test, least_and_greatest_pass_over_nulls) {
  real("x", {1.5});
  flags("f", "n");
  EXPECT_EQ(value("least(x, null, 1)"), "double 1.000000");
  EXPECT_EQ(value("greatest(null, x, 1)"), "double 1.500000");
  EXPECT_EQ(value("greatest(f, f)"), "null");
  EXPECT_EQ(value("min(x, null, 1)"), "null");
  EXPECT_EQ(value("clamp(x, 2, 3)"), "double 2.000000");
  EXPECT_EQ(value("clamp(5, 2, 3)"), "3");
  EXPECT_EQ(value("clamp(x, 0, null)"), "null");
  EXPECT_EQ(value("nullif(3, 3)"), "null");
  EXPECT_EQ(value("nullif(3, 4)"), "3");
}

TEST_F(functions_test, case_takes_the_first_branch_that_is_true) {
  whole("age", {17});
  const std::string grown = "case when age < 13 then 'child' when age < 18 then 'young' else 'grown' end";
  EXPECT_EQ(value(grown), "'young'");
  EXPECT_EQ(value("case when age > 18 then 1 end"), "null");
  EXPECT_EQ(value("case when age > 18 then 1 when null then 2 else 2.5 end"), "double 2.500000");
  EXPECT_EQ(value("case when age = 17 then case when true then 1 else 2 end else 3 end + 1"), "2");
  EXPECT_EQ(failure("case when age > 1 then 1 else 'a' end"),
            "col 31: case needs values of one type, not int and string "
            "('cast' in preprocess makes a number of a string)");
  EXPECT_EQ(failure("case when age > 1 1 end"), "col 19: expected 'then', found '1'");
  EXPECT_EQ(failure("case when age > 1 then 1"), "col 25: expected 'end', found the end");
  whole("case", {4});
  EXPECT_EQ(value("case + 1"), "5");
}

TEST_F(functions_test, cut_and_change_texts_by_characters) {
  text("t", {"  Grüße, Jürgen  "});
  text("empty", {""});
  EXPECT_EQ(value("trim(t)"), "'Grüße, Jürgen'");
  EXPECT_EQ(value("ltrim('xxabxx', 'x')"), "'abxx'");
  EXPECT_EQ(value("rtrim('xxabxx', 'x')"), "'xxab'");
  EXPECT_EQ(value("trim(empty)"), "''");
  EXPECT_EQ(value("substring(trim(t), 3, 3)"), "'üße'");
  EXPECT_EQ(value("substring('abc', 2)"), "'bc'");
  EXPECT_EQ(value("substring('abc', 0, 2)"), "'a'");
  EXPECT_EQ(value("substring('abc', -5, 7)"), "'a'");
  EXPECT_EQ(value("substring('abc', 9)"), "''");
  EXPECT_EQ(value("substring('abc', 1, -1)"), "null");
  EXPECT_EQ(value("left('Jürgen', 2)"), "'Jü'");
  EXPECT_EQ(value("replace('a-b-c', '-', '')"), "'abc'");
  EXPECT_EQ(value("replace('aaa', 'aa', 'b')"), "'ba'");
  EXPECT_EQ(value("replace('abc', '', 'x')"), "'abc'");
  EXPECT_EQ(value("reverse('üab')"), "'baü'");
  EXPECT_EQ(value("position('Jürgen', 'rg')"), "3");
  EXPECT_EQ(value("position('abc', 'x')"), "0");
}

TEST_F(functions_test, split_part_counts_from_both_ends) {
  EXPECT_EQ(value("split_part('a-b-c', '-', 1)"), "'a'");
  EXPECT_EQ(value("split_part('a-b-c', '-', 3)"), "'c'");
  EXPECT_EQ(value("split_part('a-b-c', '-', 4)"), "''");
  EXPECT_EQ(value("split_part('a-b-c', '-', -1)"), "'c'");
  EXPECT_EQ(value("split_part('a-b-c', '-', -3)"), "'a'");
  EXPECT_EQ(value("split_part('a-b-c', '-', -4)"), "''");
  EXPECT_EQ(value("split_part('abc', '-', 1)"), "'abc'");
  EXPECT_EQ(value("split_part('abc', '-', 0)"), "null");
  EXPECT_EQ(value("split_part('a--b', '--', 2)"), "'b'");
}

TEST_F(functions_test, like_takes_a_text_as_a_whole) {
  text("t", {"web-ä1"});
  EXPECT_EQ(value("t like 'web%'"), "true");
  EXPECT_EQ(value("t like 'web-_1'"), "true");
  EXPECT_EQ(value("t like 'web'"), "false");
  EXPECT_EQ(value("t not like '%x%'"), "true");
  EXPECT_EQ(value("'50%' like '50\\%'"), "true");
  EXPECT_EQ(value("'500' like '50\\%'"), "false");
  EXPECT_EQ(value("'' like '%'"), "true");
  EXPECT_EQ(value("'' like '_'"), "false");
  EXPECT_EQ(value("'abcabd' like '%ab_'"), "true");
  EXPECT_EQ(value("null like 'a'"), "null");
  EXPECT_EQ(failure("t like t"), "col 8: like() wants its pattern as a text in quotes");
  const std::string many(2000, 'a');
  EXPECT_EQ(value("'" + many + "' like '%a%a%a%a%a%a%a%b'"), "false");
}

TEST_F(functions_test, find_regular_expressions) {
  text("id", {"C00042"});
  EXPECT_EQ(value("regexp_matches(id, '^C0+[0-9]+$')"), "true");
  EXPECT_EQ(value("regexp_matches(id, '^0')"), "false");
  EXPECT_EQ(value("regexp_extract(id, 'C0*([1-9][0-9]*)')"), "'42'");
  EXPECT_EQ(value("regexp_extract(id, '[0-9]{2}$')"), "'42'");
  EXPECT_EQ(value("regexp_extract(id, '(C)(0+)', 2)"), "'000'");
  EXPECT_EQ(value("regexp_extract(id, '(C)|(D)', 2)"), "null");
  EXPECT_EQ(value("regexp_extract(id, 'X')"), "null");
  EXPECT_EQ(value("regexp_replace('a1b22', '([0-9]+)', '<\\1>')"), "'a<1>b<22>'");
  EXPECT_EQ(failure("regexp_matches(id, '(')"), "col 20: a wrong regular expression: missing ): ( (its syntax is that "
                                                "of RE2: no look-around, no back references)");
}

TEST_F(functions_test, hash_is_the_same_everywhere) {
  text("id", {"C00042"});
  const auto hashed = value("hash(id)");
  EXPECT_EQ(hashed, value("hash('C00042')"));
  EXPECT_NE(hashed, value("hash('C00043')"));
  EXPECT_EQ(value("hash('')"), "8832978290816513101") << "a number that was written somewhere must stay";
}

// --- times; on 2026-03-29 clocks in Berlin go from 2 to 3 o'clock, at 01:00 UTC ---

constexpr std::int64_t before_change = 1'774'745'999'000; // 2026-03-29T00:59:59Z
constexpr std::int64_t after_change = 1'774'746'000'000;  // 2026-03-29T01:00:00Z

TEST_F(functions_test, show_what_a_clock_shows_in_a_zone) {
  whole("t", {before_change, after_change}, column_type::timestamp);
  const auto hours = evaluate("hour(t, 'Europe/Berlin')");
  EXPECT_EQ(hours->i64, (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(evaluate("hour(t)")->i64, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(evaluate("hour(t, '-01:30')")->i64, (std::vector<std::int64_t>{23, 23}));
  EXPECT_EQ(evaluate("minute(t, '-0130')")->i64, (std::vector<std::int64_t>{29, 30}));
  EXPECT_EQ(evaluate("day(t, 'America/New_York')")->i64, (std::vector<std::int64_t>{28, 28}));
  EXPECT_EQ(truths("is_weekend(t)"), "tt");
  EXPECT_EQ(failure("hour(t, 'Europe/Berln')").substr(0, 45), "col 9: there is no time zone 'Europe/Berln' (");
}

TEST_F(functions_test, know_parts_of_a_date) {
  whole("t", {1'709'249'400'000, -3'600'000}, column_type::timestamp); // 2024-02-29T23:30Z, 1969-12-31T23:00Z
  EXPECT_EQ(evaluate("quarter(t)")->i64, (std::vector<std::int64_t>{1, 4}));
  EXPECT_EQ(evaluate("doy(t)")->i64, (std::vector<std::int64_t>{60, 365}));
  EXPECT_EQ(evaluate("doy(t, 'Europe/Berlin')")->i64, (std::vector<std::int64_t>{61, 1}));
  EXPECT_EQ(truths("is_weekend(t)"), "ff");
}

TEST_F(functions_test, truncate_and_compare_times_by_units) {
  whole("t", {after_change}, column_type::timestamp);
  EXPECT_EQ(value("date_trunc('hour', t)"), "time 1774746000000");
  EXPECT_EQ(value("date_trunc('day', t)"), "time 1774742400000");
  EXPECT_EQ(value("date_trunc('day', t, 'Europe/Berlin')"), "time 1774738800000");
  EXPECT_EQ(value("date_trunc('week', t)"), "time 1774224000000");    // Monday, 2026-03-23
  EXPECT_EQ(value("date_trunc('month', t)"), "time 1772323200000");   // 2026-03-01
  EXPECT_EQ(value("date_trunc('quarter', t)"), "time 1767225600000"); // 2026-01-01
  EXPECT_EQ(value("date_trunc('year', t)"), "time 1767225600000");
  EXPECT_EQ(value("date_diff('day', '2026-03-28T23:00:00Z', t)"), "1");
  EXPECT_EQ(value("date_diff('day', '2026-03-28T23:00:00Z', t, 'Europe/Berlin')"), "0");
  EXPECT_EQ(value("date_diff('month', t, '2025-12-31')"), "-3");
  EXPECT_EQ(value("date_diff('hour', '2026-03-28T23:59:00Z', t)"), "2");
  EXPECT_EQ(failure("date_trunc('dy', t)"), "col 12: unknown unit 'dy' (did you mean 'day'?)");
}

TEST_F(functions_test, read_times_from_texts) {
  text("t", {"05.01.2026 13:45:10"});
  EXPECT_EQ(value("strptime(t, '%d.%m.%Y %H:%M:%S')"), "time 1767620710000");
  EXPECT_EQ(value("strptime(t, '%d.%m.%Y %H:%M:%S', 'Europe/Berlin')"), "time 1767617110000");
  EXPECT_EQ(value("strptime('2026-01-05T13:45:10.123456789', '%Y-%m-%dT%H:%M:%S')"), "time 1767620710123");
  EXPECT_EQ(value("strptime('2026-01-05 13:45:10 +0100', '%Y-%m-%d %H:%M:%S %z')"), "time 1767617110000");
  EXPECT_EQ(value("strptime('Jan 5, 2026', '%b %d, %Y')"), "time 1767571200000");
  EXPECT_EQ(value("strptime('2026-02-30', '%Y-%m-%d')"), "null");
  EXPECT_EQ(value("strptime('2026-01-05 and more', '%Y-%m-%d')"), "null");
  EXPECT_EQ(value("strptime('', '%Y-%m-%d')"), "null");
  // Twice, on 2026-10-25: the first; never, on 2026-03-29: when it was left out.
  EXPECT_EQ(value("strptime('2026-10-25 02:30', '%Y-%m-%d %H:%M', 'Europe/Berlin')"), "time 1792888200000");
  EXPECT_EQ(value("strptime('2026-03-29 02:30', '%Y-%m-%d %H:%M', 'Europe/Berlin')"), "time 1774746000000");
  EXPECT_EQ(failure("strptime(t, '%Q')"), "col 13: a format of times has no '%Q' (%Y-%m-%d %H:%M:%S is one)");
}

TEST_F(functions_test, write_times_as_texts) {
  whole("t", {1'767'620'710'123, 1'767'620'710'000}, column_type::timestamp); // 2026-01-05T13:45:10.123Z
  const auto texts = evaluate("strftime(t, '%d.%m.%Y %H:%M:%S %z', 'Europe/Berlin')");
  EXPECT_EQ(texts->text[0], "05.01.2026 14:45:10.123 +0100");
  EXPECT_EQ(texts->text[1], "05.01.2026 14:45:10 +0100");
  EXPECT_EQ(value("to_timestamp(1767620710.5, 's')"), "time 1767620710500");
  EXPECT_EQ(value("to_timestamp(-1, 'us')"), "time -1");
  EXPECT_EQ(value("to_timestamp(1e300, 's')"), "null");
  EXPECT_EQ(value("epoch(t, 's')"), "double 1767620710.123000");
  EXPECT_EQ(failure("epoch(t, 'h')"), "col 10: unknown unit 'h' (there are s, ms, us, ns)");
}

} // namespace
} // namespace weir::core
