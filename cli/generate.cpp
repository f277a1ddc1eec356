#include "cli/format_option.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/transaction_generator.hpp"
#include "cli/verbs.hpp"
#include "core/format/formats.hpp"

#include <array>
#include <memory>

namespace weir::cli {

namespace {

struct generate_options {
  cli::transaction_options transactions{.customers = 1000, .label = true};
  std::uint64_t rows = 100'000;
  std::string path;
  const core::format_kind* format = nullptr; ///< null: as the file's name says
};

/// What the generator writes.
constexpr std::array<const core::format_kind*, 2> written_formats{&core::json_format, &core::csv_format};

exit_code generate(const generate_options& options) {
  auto out = output::open(options.path);
  if (!out)
    return report(out.error());
  cli::transaction_generator generator{options.transactions};
  const auto* format =
      options.format != nullptr ? options.format : core::format_of_file(options.path, &core::csv_format);
  const bool is_json = format == &core::json_format;
  progress line{"generated"};
  std::string text;
  if (!is_json)
    out->write(std::string{generator.csv_header()} + '\n');
  for (std::uint64_t i = 0; i < options.rows; ++i) {
    text.clear();
    const auto& t = generator.next();
    is_json ? generator.append_json(t, text) : generator.append_csv(t, text);
    text += '\n';
    out->write(text);
    line.update(i + 1);
  }
  const auto written = out->finish();
  return written ? exit_code::done : report(written.error());
}

void declare(arguments verb) {
  auto transactions =
      verb.verb("transactions", "bank transactions with labelled anomalies, missing values and duplicates");
  const auto options = std::make_shared<generate_options>();
  auto& of = options->transactions;
  transactions.option("--rows", &options->rows, "How many").with_default();
  transactions.option("--seed", &of.seed, "The same seed makes the same rows").with_default();
  transactions.option("--out", &options->path, "File to write; default: standard output");
  add_format_option(transactions, options->format, written_formats, "Default: as the file's name says, else csv");
  transactions.option("--keys", &of.customers, "Number of customers").between(1, 1'000'000).with_default();
  transactions.option("--anomalies", &of.anomalies, "Share of anomalies").between(0.0, 1.0).with_default();
  transactions.option("--missing", &of.missing_amount, "Share of records without an Amount")
      .between(0.0, 1.0)
      .with_default();
  transactions.option("--duplicates", &of.duplicates, "Share of records that repeat an earlier one")
      .between(0.0, 1.0)
      .with_default();
  transactions.flag("--label,!--no-label", of.label, "With the column is_anomaly (default)");
  transactions.run([options] { return generate(*options); });
}

} // namespace

constexpr verb verbs::generate{"generate", "make data to try things on",
                               "weir generate transactions --rows 10000 --out transactions.csv", declare};

} // namespace weir::cli
