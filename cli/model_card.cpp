#include "cli/model_card.hpp"

#include "cli/measures.hpp"
#include "models/distribution.hpp"

#include <algorithm>
#include <filesystem>

namespace weir::cli {

namespace {

void write(const models::distribution& of, io::json_document& out) {
  out.member("missing", of.missing).member("mean", of.mean).member("deviation", of.deviation);
  out.key("quantiles").begin_array();
  for (const auto value : of.quantiles)
    out.value(value);
  out.end_array();
  out.key("edges").begin_array();
  for (const auto value : of.edges)
    out.value(value);
  out.end_array().key("counts").begin_array();
  for (const auto count : of.counts)
    out.value(count);
  out.end_array();
}

/// Shares of the categories of a text, by their codes.
void write_shares(std::span<const double> codes, const std::vector<std::string>& categories, io::json_document& out) {
  std::vector<double> shares(categories.size());
  const auto known = static_cast<double>(std::ranges::count_if(codes, [](double code) { return !std::isnan(code); }));
  for (const auto code : codes)
    if (!std::isnan(code))
      shares[static_cast<std::size_t>(code)] += 1 / known;
  out.key("shares").begin_object();
  for (std::size_t i = 0; i < categories.size(); ++i)
    out.member(categories[i], shares[i]);
  out.end_object();
}

void write_features(const models::training_data& learned, io::json_document& out) {
  out.key("features").begin_array();
  for (std::size_t f = 0; f < learned.features.size(); ++f) {
    const auto& name = learned.feature_names[f];
    const auto encoder = std::ranges::find(learned.encoders, name, &models::ordinal_encoder::feature);
    out.begin_object().member("name", name).member("type", encoder == learned.encoders.end() ? "number" : "text");
    if (encoder == learned.encoders.end())
      write(models::describe(learned.features[f]), out);
    else
      write_shares(learned.features[f], encoder->categories, out);
    out.end_object();
  }
  out.end_array();
}

} // namespace

std::string model_card(const train_options& options, const train_report& report, const models::training_data& learned,
                       std::span<const double> predicted, std::string_view data_digest) {
  io::json_document out;
  out.begin_object()
      .member("kind", options.model)
      .member("weir", WEIR_VERSION)
      .member("target", options.columns.target);
  out.key("data")
      .begin_object()
      .member("file", std::filesystem::path{options.path}.filename().string())
      .member("sha256", data_digest)
      .member("train", report.train_rows)
      .member("test", report.test_rows)
      .member("held", report.held_rows)
      .member("dropped", report.dropped_rows)
      .end_object();
  if (!options.columns.sample_weight.empty())
    out.member("sample_weight", options.columns.sample_weight);
  if (!options.columns.impute.empty())
    out.member("impute", models::text_of(options.columns.impute));
  if (!options.columns.categories.empty())
    out.member("categories", options.columns.categories);
  if (options.transform != models::target_transform::none)
    out.member("target_transform", models::name_of(options.transform));
  out.member("random_state", options.random_state).key("parameters").begin_object();
  for (const auto& [name, value] : options.settings)
    out.member(name, value);
  out.end_object();
  if (report.regression) {
    out.key("test");
    write_measures(report.regression->measures(), out);
  } else if (report.classification) {
    out.key("test");
    write_measures(report.classification->measures(), out);
  }
  write_features(learned, out);
  if (!predicted.empty()) {
    out.key("prediction").begin_object();
    write(models::describe(predicted), out);
    out.end_object();
  }
  return out.end_object().text();
}

} // namespace weir::cli
