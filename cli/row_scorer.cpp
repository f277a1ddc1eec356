#include "cli/row_scorer.hpp"

#include "cli/say.hpp"
#include "core/format/format.hpp"
#include "models/registry/model_reference.hpp"

#include <cmath>
#include <filesystem>
#include <utility>

namespace weir::cli {

std::vector<std::string> backend_words() {
  std::vector<std::string> made;
  for (const auto& [name, which] : models::backend_names)
    made.emplace_back(name);
  return made;
}

core::result<void> check_is_not_read(const std::string& path, const scored_file& of, const std::string& option) {
  std::error_code is_not_there;
  const auto model = models::resolve_model(of.model);
  for (const auto& read : {model ? model->file : of.model, of.data})
    if (std::filesystem::equivalent(read, path, is_not_there))
      return core::fail("'" + read + "' is read and would be written over", {}, "name another " + option);
  return {};
}

void left_out_rows::add(std::uint64_t line, const std::string& why) {
  if (count_++ < shown)
    first_.push_back("line " + std::to_string(line) + ": " + why);
}

void left_out_rows::say_all(std::uint64_t of_rows, std::string_view what) const {
  if (count_ == 0)
    return;
  for (const auto& one : first_)
    say(tone::warning, "weir: warning: " + one);
  say(tone::warning,
      "weir: warning: " + std::to_string(count_) + " of " + std::to_string(of_rows) + " rows " + std::string{what});
}

core::result<row_scorer> row_scorer::open(const scored_file& of) {
  auto loaded = models::model::load(of.model, {}, of.explains, *models::backend_named(of.backend));
  if (!loaded)
    return tl::unexpected{std::move(loaded.error())};
  auto input = csv_input::open(of.data, of.delimiter);
  if (!input)
    return tl::unexpected{std::move(input.error())};
  auto reader = feature_reader::make(**loaded, input->header(), of.inputs);
  if (!reader) {
    reader.error().where = of.data;
    return tl::unexpected{std::move(reader.error())};
  }
  return row_scorer{std::move(*loaded), std::move(*input), std::move(*reader), of.delimiter};
}

core::result<std::size_t> row_scorer::keep(const std::string& column) {
  return find_column(column, header()).map([&](std::size_t field) {
    kept_.push_back(field);
    return kept_.size() - 1;
  });
}

std::span<const row_scorer::row> row_scorer::next() {
  // The block has views into the rows: they must not move.
  constexpr std::size_t most_rows = 1024;
  rows_.resize(most_rows);
  block_->clear();
  std::size_t count = 0;
  while (count < rows_.size() && !block_->is_full()) {
    const auto next = input_.next();
    if (!next)
      break;
    read(*next, rows_[count++]);
  }
  const std::span<row> taken{rows_.data(), count};
  if (block_->rows() == 0)
    return taken;
  results_ = &block_->predict();
  for (auto& one : taken)
    if (one.problem.empty())
      judge(one);
  return taken;
}

void row_scorer::read(const csv_input::row& from, row& into) {
  into.text = from.text;
  into.line = from.line;
  into.kept.clear();
  into.problem.clear();
  into.fields = 0;
  if (from.is_cut) {
    into.problem = core::too_long_reason();
  } else if (!fields_.read(from.text)) {
    into.problem = fields_.problem();
  } else if (into.fields = fields_.size(); into.fields != header().size()) {
    into.problem =
        "the row has " + std::to_string(into.fields) + " fields, the header " + std::to_string(header().size());
  } else if (const auto good = reader_.read(fields_, into.features); !good) {
    into.problem = good.error().what;
  } else {
    for (const auto field : kept_)
      into.kept.emplace_back(fields_[field].text);
    into.at = block_->rows();
    set_row(*block_, into.features);
  }
}

bool row_scorer::is_finite(const row& of, std::size_t output) const {
  const auto& made = model_->meaning().outputs[output];
  const auto first = model_->first_column(output);
  for (std::size_t i = 0; made.type != models::element::text && i < made.columns; ++i)
    if (!std::isfinite(number(of, first + i, made.type)))
      return false;
  return true;
}

/// Says why a row has no prediction, where the model gives none.
void row_scorer::judge(row& of) const {
  const auto& meaning = model_->meaning();
  const auto first_refusal = model_->columns() - meaning.refusals.size();
  for (std::size_t i = 0; i < meaning.refusals.size(); ++i)
    if (static_cast<const bool*>((*results_)[first_refusal + i])[of.at]) {
      of.problem = meaning.refusals[i];
      return;
    }
  if (!is_finite(of, meaning.prediction) || (meaning.probabilities && !is_finite(of, *meaning.probabilities)))
    of.problem = "the model predicts no finite number";
}

} // namespace weir::cli
