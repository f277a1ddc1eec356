#include "cli/report/chart.hpp"
#include "cli/report/html_report.hpp"
#include "cli/report/markup.hpp"
#include "cli/report/page.hpp"
#include "cli/report/partial_dependence.hpp"
#include "tests/cli/sum_model.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace weir::cli {
namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

TEST(report_test, takes_texts_of_data_as_texts) {
  EXPECT_EQ(escaped("<b class=\"x\">R&D's</b>"), "&lt;b class=&quot;x&quot;&gt;R&amp;D&#39;s&lt;/b&gt;");
  EXPECT_EQ(escaped("a\x01\xff\nb"), "a\xef\xbf\xbd\xef\xbf\xbd b");
  EXPECT_EQ(escaped("müde"), "müde");
  EXPECT_NE(table({{"<i>"}, {"</td>"}}).find("<th>&lt;i&gt;</th>"), std::string::npos);
}

TEST(report_test, puts_ticks_at_round_numbers) {
  EXPECT_EQ(ticks_of({"", 0, 10}), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(ticks_of({"", -3, 104}), (std::vector<double>{0, 20, 40, 60, 80, 100}));
  EXPECT_TRUE(ticks_of({"", 1, 1}).empty());
  EXPECT_TRUE(ticks_of({"", 0, std::numeric_limits<double>::infinity()}).empty());
}

TEST(report_test, has_an_axis_over_whatever_values_there_are) {
  const auto over = [](std::vector<double> values) { return axis_over("", values); };
  EXPECT_LT(over({1, nan, 3}).from, 1);
  EXPECT_GT(over({1, nan, 3}).to, 3);
  EXPECT_LT(over({5, 5}).from, over({5, 5}).to);
  EXPECT_LT(over({nan}).from, over({nan}).to);
  EXPECT_LT(over({}).from, over({}).to);
}

TEST(report_test, draws_no_point_that_has_no_place) {
  chart made{"t", {"x", 0, 1}, {"y", 0, 1}};
  const std::vector<models::curve_point> points{{0, 0}, {nan, 1}, {1, 1}, {2, 2}};
  made.add_dots(points);
  made.add_line(points);
  const auto svg = made.svg();
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  std::size_t dots = 0;
  for (auto at = svg.find("<circle"); at != std::string::npos; at = svg.find("<circle", at + 1))
    ++dots;
  EXPECT_EQ(dots, 2u);
}

TEST(report_test, shows_importances_where_the_file_has_them) {
  judged_rows rows;
  rows.truth = {1, 2, 3};
  rows.predicted = {1, 2, 4};
  rows.sample = {{1.0, 2.0, 0.0, "x"}, {2.0, 3.0, 1.0, "y"}};
  const auto judged = judge_model(rows, 0, 0);
  judged_model of{"sum", "in.csv", "y", "", 0, rows, judged};
  const auto page_of = [&](const models::model& model) {
    of.shares = importances_of(model);
    return html_report(of, model, *feature_reader::make(model, {"a", "b", "place", "name"}, {}));
  };
  EXPECT_EQ(page_of(test::sum_model{}).find("Importances"), std::string::npos);
  const auto rated = page_of(test::sum_model{{{"importances", R"({"a": 0.25, "b": 0.75})"}}});
  EXPECT_NE(rated.find("<title>b: 0.75</title>"), std::string::npos);
  EXPECT_LT(rated.find("<title>b: 0.75</title>"), rated.find("<title>a: 0.25</title>"));
  EXPECT_NE(rated.find("<h2>Partial dependence</h2>"), std::string::npos);
  EXPECT_EQ(rated.find("Slices"), std::string::npos);
  EXPECT_EQ(rated.find("R2 falls by"), std::string::npos);
  of.permuted = permutation_importances{"r2", 0.5, 3, 5, {{"b", 0.125, 0}, {"a", nan, nan}}};
  const auto permuted = page_of(test::sum_model{});
  EXPECT_NE(permuted.find("R2 falls by"), std::string::npos);
  EXPECT_NE(permuted.find("<title>b: 0.125</title>"), std::string::npos);
  EXPECT_EQ(permuted.find("<title>a:"), std::string::npos);
}

} // namespace
} // namespace weir::cli
