#include "expression_fixture.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <thread>

namespace weir::core {
namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
constexpr auto infinity = std::numeric_limits<double>::infinity();
constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

using expression_test = expression_fixture;

TEST_F(expression_test, knows_precedence) {
  EXPECT_EQ(value("1 + 2 * 3 - 4"), "3");
  EXPECT_EQ(value("(1 + 2) * 3"), "9");
  EXPECT_EQ(value("-2 * -3"), "6");
  EXPECT_EQ(value("10 - 3 - 2"), "5");
  EXPECT_EQ(value("7 / 2"), "double 3.500000");
  EXPECT_EQ(value("7 % 4 + 0.5"), "double 3.500000");
  EXPECT_EQ(value("true or false and false"), "true");
  EXPECT_EQ(value("not 1 > 2 and 3 <> 4"), "true");
  EXPECT_EQ(value("! (1 == 1) || 2 >= 2 && 1 = 1"), "true");
  EXPECT_EQ(value("1 + 1 between 2 and 1 + 2"), "true");
  EXPECT_EQ(value("NOT TRUE"), "false");
  EXPECT_EQ(value("not not true"), "true");
  EXPECT_EQ(value("--3"), "3");
}

TEST_F(expression_test, keeps_integers_exact_and_gives_null_where_they_overflow) {
  whole("big", {largest});
  whole("low", {smallest});
  whole("zero", {0});
  EXPECT_EQ(value("big - 1"), "9223372036854775806");
  EXPECT_EQ(value("big + 1"), "null");
  EXPECT_EQ(value("big * 2"), "null");
  EXPECT_EQ(value("low - 1"), "null");
  EXPECT_EQ(value("-low"), "null");
  EXPECT_EQ(value("abs(low)"), "null");
  EXPECT_EQ(value("abs(-7)"), "7");
  EXPECT_EQ(value("low % -1"), "0");
  EXPECT_EQ(value("big % zero"), "null");
  EXPECT_EQ(value("big == 9223372036854775807"), "true");
  EXPECT_EQ(value("big > 9223372036854775806"), "true");
  EXPECT_EQ(value("-7 % 3"), "-1");
}

TEST_F(expression_test, divides_by_zero_as_ieee_754_says) {
  real("d", {0});
  EXPECT_EQ(evaluate("1 / 0")->f64[0], infinity);
  EXPECT_EQ(evaluate("-1 / d")->f64[0], -infinity);
  EXPECT_TRUE(std::isnan(evaluate("d / d")->f64[0]));
  EXPECT_TRUE(std::isnan(evaluate("5.0 % d")->f64[0]));
  EXPECT_TRUE(std::isnan(evaluate("sqrt(d - 1)")->f64[0]));
}

TEST_F(expression_test, follows_the_three_valued_tables) {
  flags("a", "tttfffnnn");
  flags("b", "tfntfntfn");
  EXPECT_EQ(truths("a and b"), "tfnfffnfn");
  EXPECT_EQ(truths("a or b"), "ttttfntnn");
  EXPECT_EQ(truths("not a"), "ffftttnnn");
  EXPECT_EQ(truths("a == b"), "tfnftnnnn");
  EXPECT_EQ(truths("a is null"), "ffffffttt");
  EXPECT_EQ(truths("b is not null"), "ttfttfttf");
  EXPECT_EQ(truths("a and true"), "tttfffnnn");
  EXPECT_EQ(truths("coalesce(a, b)"), "tttffftfn");
  EXPECT_EQ(truths("if(a, b, not b)"), "tfnftnftn");
  EXPECT_EQ(truths("(a is null) or a"), "tttfffttt");
}

TEST_F(expression_test, carries_null_through_arithmetic_and_functions) {
  auto& x = add("x", column_type::float64);
  x.f64 = {1, 0, 4};
  x.null = {0, 1, 0};
  rows(3);
  const auto sum = evaluate("x + 1");
  EXPECT_EQ(sum->null, x.null);
  EXPECT_EQ(sum->f64[2], 5);
  EXPECT_EQ(truths("x > 0"), "tnt");
  EXPECT_EQ(truths("x in (4, 5)"), "fnt");
  EXPECT_EQ(truths("x not in (4, 5)"), "tnf");
  EXPECT_EQ(truths("x between 2 and 4"), "fnt");
  EXPECT_EQ(truths("x not between 2 and 4"), "tnf");
  EXPECT_TRUE(evaluate("max(x, 2)")->is_null(1));
  EXPECT_EQ(evaluate("coalesce(x, 7)")->f64, (std::vector<double>{1, 7, 4}));
  EXPECT_TRUE(evaluate("coalesce(x, 7)")->null.empty());
  EXPECT_TRUE(evaluate("if(x > 1, null, x)")->is_null(2));
}

TEST_F(expression_test, reads_times) {
  whole("Date", {1'767'620'710'123}, column_type::timestamp); // 2026-01-05T13:45:10.123Z, a Monday
  EXPECT_EQ(value("hour(Date)"), "13");
  EXPECT_EQ(value("minute(Date)"), "45");
  EXPECT_EQ(value("second(Date)"), "10");
  EXPECT_EQ(value("day(Date)"), "5");
  EXPECT_EQ(value("dow(Date)"), "0");
  EXPECT_EQ(value("month(Date)"), "1");
  EXPECT_EQ(value("year(Date)"), "2026");
  EXPECT_EQ(value("Date >= '2026-01-05'"), "true");
  EXPECT_EQ(value("'2026-01-06' < Date"), "false");
  EXPECT_EQ(value("Date in ('2026-01-05T13:45:10.123Z')"), "true");
  EXPECT_EQ(value("Date - Date"), "0");
  EXPECT_EQ(value("Date + 1000 - Date"), "1000");
  EXPECT_EQ(value("hour('1969-12-31T23:00:00Z')"), "23");
  EXPECT_EQ(failure("Date > 'today'"), "col 8: 'today' is no time (write it as 2026-01-05T13:45:10Z or 2026-01-05)");
  EXPECT_EQ(failure("Date * 2"), "col 1: '*' expects double, not timestamp");
}

TEST_F(expression_test, computes_numbers) {
  EXPECT_EQ(value("pow(2, 10)"), "double 1024.000000");
  EXPECT_EQ(value("sqrt(9) + floor(2.7) + ceil(2.2) + round(2.5)"), "double 11.000000");
  EXPECT_EQ(value("exp(0) + log(1)"), "double 1.000000");
  EXPECT_EQ(value("floor(7)"), "7");
  EXPECT_EQ(value("min(3, 1, 2)"), "1");
  EXPECT_EQ(value("max(3, 1.5)"), "double 3.000000");
  EXPECT_EQ(value("1e3 + .5"), "double 1000.500000");
}

TEST_F(expression_test, works_on_text) {
  text("City", {"Köln Süd"});
  text("blank name", {"x"});
  EXPECT_EQ(value("length(City)"), "8");
  EXPECT_EQ(value("upper(City)"), "'KöLN SüD'");
  EXPECT_EQ(value("lower(City)"), "'köln süd'");
  EXPECT_EQ(value("contains(City, 'n S') and starts_with(City, 'Kö') and ends_with(City, 'd')"), "true");
  EXPECT_EQ(value("concat(`blank name`, '-', 'it''s \"q\"', \"\"\"\")"), "'x-it's \"q\"\"'");
  EXPECT_EQ(value("City in ('Rome', \"Köln Süd\")"), "true");
  EXPECT_EQ(value("City < 'L'"), "true");
  EXPECT_EQ(value("max(City, 'Z')"), "'Z'");
}

TEST_F(expression_test, evaluates_batches_of_any_size_alike) {
  for (const std::size_t count : {0u, 1u, 1023u, 1024u, 1025u, 5000u}) {
    columns_ = {};
    batch_ = {};
    std::vector<double> totals;
    std::vector<std::int64_t> junctions;
    for (std::size_t i = 0; i < count; ++i) {
      totals.push_back(static_cast<double>(i % 100));
      junctions.push_back(static_cast<std::int64_t>(i % 4));
    }
    real("Total", totals);
    whole("Junction", junctions);
    const auto e = expression::bind(columns_, "Total > 50 && Junction == 3");
    ASSERT_TRUE(e);
    std::vector<row_index> rows, expected;
    e->select(batch_, rows);
    for (row_index i = 0; i < count; ++i)
      if (totals[i] > 50 && junctions[i] == 3)
        expected.push_back(i);
    EXPECT_EQ(rows, expected);
    const auto names = evaluate("concat(if(Junction == 3, 'three', 'other'), '!')");
    ASSERT_EQ(names->text.size(), count);
    for (row_index i = 0; i < count; ++i)
      ASSERT_EQ(names->text[i], junctions[i] == 3 ? "three!" : "other!");
  }
}

TEST_F(expression_test, selects_only_rows_that_are_alive) {
  real("x", {1, 2, 3, 4});
  batch_.rows = {1, 3};
  std::vector<row_index> rows;
  expression::bind(columns_, "x > 2")->select(batch_, rows);
  EXPECT_EQ(rows, (std::vector<row_index>{3}));
}

TEST_F(expression_test, names_the_columns_that_it_reads) {
  real("a", {1});
  real("b", {1});
  real("c", {1});
  std::vector<column_id> ids;
  expression::bind(columns_, "c + a > c")->collect_columns(ids);
  EXPECT_EQ(ids, (std::vector<column_id>{0, 2}));
}

TEST_F(expression_test, takes_the_newest_column_of_a_name) {
  real("a", {1});
  text("a", {"new"});
  EXPECT_EQ(value("a"), "'new'");
}

TEST_F(expression_test, says_where_and_what_is_wrong) {
  real("Total", {1});
  text("City", {"x"});
  EXPECT_EQ(failure(""), "col 1: empty expression");
  EXPECT_EQ(failure("  "), "col 1: empty expression");
  EXPECT_EQ(failure("Totl > 50"), "col 1: unknown column 'Totl' (did you mean 'Total'?)");
  EXPECT_EQ(failure("1 < amount"), "col 5: unknown column 'amount' (known columns: Total, City)");
  EXPECT_EQ(failure("huor(Total)"), "col 1: unknown function 'huor' (did you mean 'hour'?)");
  EXPECT_EQ(failure("hour(Total)"), "col 6: hour() expects timestamp, not double");
  EXPECT_EQ(
      failure("Total > City"),
      "col 9: '>' needs values of one type, not double and string ('cast' in preprocess makes a number of a string)");
  EXPECT_EQ(failure("Total and true"), "col 1: 'and' expects bool, not double");
  EXPECT_EQ(failure("not City"), "col 5: 'not' expects bool, not string");
  EXPECT_EQ(failure("Total == null"),
            "col 10: a comparison with null is never true (write 'is null' or 'is not null')");
  EXPECT_EQ(failure("Total > "), "col 9: the expression ends too early");
  EXPECT_EQ(failure("(Total"), "col 7: expected ')', found the end");
  EXPECT_EQ(failure("Total 5"), "col 7: unexpected '5'");
  EXPECT_EQ(failure("Total > 1 > 2"), "col 11: unexpected '>'");
  EXPECT_EQ(failure("Total is 5"), "col 10: expected 'null' behind 'is' (write '==' to compare with something else)");
  EXPECT_EQ(failure("Total & 5"), "col 7: unknown operator '&' (write '&&')");
  EXPECT_EQ(failure("Total > 1x"), "col 9: '1x' is no number");
  EXPECT_EQ(failure("City == 'x"), "col 9: a quote that is never closed");
  EXPECT_EQ(failure("pow(1)"), "col 1: pow() takes 2 arguments, not 1");
  EXPECT_EQ(failure("Total in ()"), "col 12: an empty list (name at least one value)");
  EXPECT_EQ(failure("null"), "col 1: null has no type of its own");
  EXPECT_EQ(failure("coalesce(null)"), "col 10: coalesce() has nothing but null to work on");
  EXPECT_EQ(failure("Total $ 1"), "col 7: unexpected character '$'");
}

TEST_F(expression_test, refuses_hostile_text) {
  real("x", {1});
  const auto repeat = [](std::string_view what, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
      all += what;
    return all;
  };
  EXPECT_NE(failure(repeat("(", 60'000)), "none");
  EXPECT_NE(failure(repeat("abs(", 10'000)), "none");
  EXPECT_NE(failure(repeat("x", 1'000'000)), "none");
  EXPECT_NE(failure("x" + repeat("+x", 30'000)), "none");
  EXPECT_NE(failure("true" + repeat(" and true", 7'000)), "none");
  EXPECT_NE(failure("x in (1" + repeat(",1", 30'000) + ")"), "none");
  EXPECT_NE(failure("max(1" + repeat(",1", 100) + ")"), "none");
  EXPECT_EQ(failure(repeat("-", 50'000) + "x"), "none");
  EXPECT_EQ(failure("x > 0 and " + repeat("not ", 5'001) + "x > 0"), "none");
  EXPECT_EQ(failure(repeat("(", 100) + "x" + repeat(")", 100)), "none");
}

TEST_F(expression_test, is_evaluated_by_several_threads_at_once) {
  std::vector<double> values(3000);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<double>(i);
  real("x", values);
  const auto e = expression::bind(columns_, "(x * 2 + 1) * (x - 3)").value();
  const auto expected = e.evaluate(batch_)->f64;
  std::vector<std::thread> threads;
  std::vector<int> differences(4);
  for (auto& count : differences)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i)
        count += e.evaluate(batch_)->f64 != expected;
    });
  for (auto& t : threads)
    t.join();
  EXPECT_EQ(differences, std::vector<int>(4, 0));
}

} // namespace
} // namespace weir::core
