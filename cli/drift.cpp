#include "cli/drift_report.hpp"
#include "cli/output.hpp"
#include "cli/report/drift_page.hpp"
#include "cli/verbs.hpp"

#include <cstdio>
#include <memory>

namespace weir::cli {

namespace {

struct report_options {
  drift_report_options what;
  std::string out; ///< file to write; empty: none
  std::string format = "table";
};

core::result<void> write_page(const std::string& path, const drift_report& of) {
  auto file = output::open(path);
  if (!file)
    return tl::unexpected{std::move(file.error())};
  file->write(drift_page(of));
  return file->finish();
}

exit_code show(const report_options& options) {
  if (!options.out.empty() && (options.out == options.what.data || options.out == options.what.baseline))
    return report(core::error{"--out names a file that is read", options.out, "name another one"}, exit_code::usage);
  const auto made = compare_with_baseline(options.what);
  if (!made)
    return report(made.error());
  if (!options.out.empty())
    if (const auto written = write_page(options.out, *made); !written)
      return report(written.error());
  if (options.format == "json")
    std::printf("%s", json_text(*made).c_str());
  else
    print_table(*made);
  return exit_code::done;
}

void declare(arguments verb) {
  const auto options = std::make_shared<report_options>();
  auto shows = verb.verb("report", "how columns of a file are distributed otherwise than those of a baseline");
  auto& what = options->what;
  shows.option("BASELINE", &what.baseline, "CSV file with a header, or a model, whose card has it").required();
  shows.option("DATA", &what.data, "CSV file with a header").required();
  shows.option("--out", &options->out, "HTML file to write: a page with pictures of all columns");
  shows.option("--columns", &what.columns, "Columns to compare; default: all that both have").separated_by(',');
  shows.option("--prediction", &what.predicted, "Column of DATA with what the model of BASELINE has predicted");
  shows
      .option("--methods", &what.methods,
              "How to compare; default: all but welch and variance_ratio, which long tails make cry")
      .separated_by(',');
  shows.option("--alpha", &what.alpha, "How many of the drifts told may be false ones")
      .between(1e-9, 0.5)
      .with_default();
  shows.option("--bins", &what.bins, "Of numbers, for methods that count in bins").between(2, 32).with_default();
  shows.option("--delimiter", &what.delimiter, "Between the fields of a row").with_default();
  shows.option("-o,--output", &options->format, "table or json").one_of({"table", "json"}).with_default();
  shows.run([options] { return show(*options); });
}

} // namespace

constexpr verb verbs::drift{"drift", "compare data with a baseline",
                            "weir drift report reference.csv today.csv --out drift.html", declare};

} // namespace weir::cli
