#include "cli/large_table.hpp"

#include "cli/csv_input.hpp"
#include "cli/output.hpp"
#include "cli/training_row_reader.hpp"
#include "models/trees/binned_features.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace weir::cli {

namespace {

using core::fail;

constexpr std::uint64_t seed_of_draws = 1;
constexpr auto nowhere = std::numeric_limits<std::uint32_t>::max();

core::error changed(const std::string& path) {
  return {"'" + path + "' has changed while it was read", {}, "try again when nobody writes it"};
}

/// Where each row goes: to a place of what learns, behind these to one of what measures, or nowhere.
std::vector<std::uint32_t> places_of(const models::row_split& split, std::size_t rows) {
  std::vector<std::uint32_t> places(rows, nowhere);
  std::uint32_t next = 0;
  for (const auto* part : {&split.train, &split.test})
    for (const auto row : *part)
      places[row] = next++;
  return places;
}

} // namespace

core::result<large_table> large_table::scan(const std::string& path, const training_columns& columns) {
  if (auto good = check(columns); !good)
    return tl::unexpected{std::move(good.error())};
  large_table made{path, columns};
  return made.read().map([&] { return std::move(made); });
}

template <class Take>
core::result<std::uint64_t> large_table::each_row(const Take& take) const {
  auto file = csv_input::open(path_, columns_.delimiter);
  if (!file)
    return tl::unexpected{std::move(file.error())};
  training_row_reader reader{columns_};
  if (auto good = reader.find_columns(file->header()); !good)
    return tl::unexpected{std::move(good.error())};
  std::uint64_t line = 1, dropped = 0;
  while (const auto row = file->next()) {
    ++line;
    if (row->text.empty())
      continue;
    if (row->is_cut)
      return tl::unexpected{in_row({"the row is too long", {}, "is a quote not closed?"}, line)};
    const auto is_whole = reader.read(row->text);
    if (!is_whole)
      return tl::unexpected{in_row(is_whole.error(), line)};
    if (!*is_whole)
      ++dropped;
    else if (core::result<void> good = take(reader, row->text); !good)
      return tl::unexpected{std::move(good.error())};
  }
  if (file->failure())
    return tl::unexpected{*file->failure()};
  return dropped;
}

core::result<void> large_table::read() {
  texts_.resize(columns_.features.size());
  std::mt19937_64 random{seed_of_draws};
  const auto dropped = each_row([&](const training_row_reader& row, std::string_view) -> core::result<void> {
    if (targets_.size() == nowhere)
      return fail("there are too many rows");
    take(row, random);
    return {};
  });
  if (!dropped)
    return tl::unexpected{dropped.error()};
  dropped_ = *dropped;
  sort_texts();
  if (columns_.classify)
    number_labels();
  return {};
}

void large_table::take(const training_row_reader& row, std::mt19937_64& random) {
  const auto code_of = [](text_codes& codes, std::string_view text) {
    const auto found = codes.find(text);
    return found != codes.end() ? found->second
                                : codes.emplace(text, static_cast<std::uint32_t>(codes.size())).first->second;
  };
  for (std::size_t f = 0; f < row.features(); ++f)
    if (row.is_text(f))
      code_of(texts_[f], row.text(f));
  // each row so far is drawn with the same probability (Vitter 1985, algorithm R)
  const auto at = drawn_.size() < sampled ? drawn_.size() : static_cast<std::size_t>(random() % (targets_.size() + 1));
  if (at < sampled) {
    if (at == drawn_.size()) {
      drawn_.push_back(0);
      drawn_values_.resize(drawn_values_.size() + row.features());
    }
    drawn_[at] = targets_.size();
    const auto values = values_of(row);
    std::copy(values->begin(), values->end(), drawn_values_.begin() + static_cast<std::ptrdiff_t>(at * row.features()));
  }
  targets_.push_back(columns_.classify ? code_of(label_codes_, row.label()) : row.target());
  if (!columns_.sample_weight.empty())
    weights_.push_back(row.weight());
}

/// Codes in the order of the texts.
void large_table::sort_texts() {
  const auto width = texts_.size();
  for (std::size_t f = 0; f < width; ++f) {
    if (std::ranges::find(columns_.encode, columns_.features[f]) == columns_.encode.end())
      continue;
    auto& encoder = encoders_.emplace_back(models::ordinal_encoder{columns_.features[f], {}});
    std::vector<double> sorted_code(texts_[f].size());
    for (auto& [text, code] : texts_[f]) {
      sorted_code[code] = static_cast<double>(encoder.categories.size());
      code = static_cast<std::uint32_t>(encoder.categories.size());
      encoder.categories.push_back(text);
    }
    for (auto at = f; at < drawn_values_.size(); at += width)
      drawn_values_[at] = sorted_code[static_cast<std::size_t>(drawn_values_[at])];
  }
}

/// Each target becomes the index of its label.
void large_table::number_labels() {
  std::vector<std::string> labels(label_codes_.size());
  for (const auto& [text, code] : label_codes_)
    labels[code] = text;
  labels_ = std::make_shared<const models::class_labels>(classes_of(labels));
  const auto places = places_in(*labels_, labels);
  for (auto& target : targets_)
    target = places[static_cast<std::size_t>(target)];
}

std::optional<std::vector<double>> large_table::values_of(const training_row_reader& row) const {
  std::vector<double> values{row.numbers().begin(), row.numbers().end()};
  for (std::size_t f = 0; f < values.size(); ++f) {
    if (!row.is_text(f))
      continue;
    const auto found = texts_[f].find(row.text(f));
    if (found == texts_[f].end())
      return std::nullopt;
    values[f] = found->second;
  }
  return values;
}

/// Nothing but what the rows are.
models::training_data large_table::empty_data() const {
  models::training_data made;
  made.feature_names = columns_.features;
  made.encoders = encoders_;
  made.labels = labels_;
  return made;
}

/// Of the rows that were drawn those that learn, in their order there.
models::training_data large_table::drawn_rows(const std::vector<std::uint32_t>& places, std::size_t learning) const {
  const auto width = columns_.features.size();
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < drawn_.size(); ++i)
    if (places[drawn_[i]] < learning)
      order.push_back(i);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return places[drawn_[a]] < places[drawn_[b]]; });
  auto made = empty_data();
  for (std::size_t f = 0; f < width; ++f) {
    auto& values = made.features.emplace_back();
    values.reserve(order.size());
    for (const auto i : order)
      values.push_back(drawn_values_[i * width + f]);
  }
  return made;
}

core::result<dealt_rows> large_table::deal(const models::row_split& split, std::size_t bins) const {
  const auto learning = split.train.size();
  const auto places = places_of(split, rows());
  dealt_rows made{empty_data(), empty_data(), drawn_rows(places, learning), split.held.size(), is_constant(targets_)};
  auto& test = made.test;
  for (auto* part : {&made.train, &test}) {
    const auto& from = part == &test ? split.test : split.train;
    for (const auto row : from)
      part->target.push_back(targets_[row]);
    for (const auto row : weights_.empty() ? std::vector<std::size_t>{} : from)
      part->weights.push_back(weights_[row]);
  }
  test.features.assign(columns_.features.size(), std::vector<double>(split.test.size()));
  auto codes = std::make_shared<models::binned_features>(
      models::binned_features::with_borders_of(made.drawn->features, bins, learning));
  std::size_t next = 0;
  const auto dropped = each_row([&](const training_row_reader& row, std::string_view) -> core::result<void> {
    const auto values = values_of(row);
    if (!values || next == places.size())
      return tl::unexpected{changed(path_)};
    const auto place = places[next++];
    if (place < learning)
      codes->set(place, *values);
    else if (place != nowhere)
      for (std::size_t f = 0; f < values->size(); ++f)
        test.features[f][place - learning] = (*values)[f];
    return {};
  });
  if (!dropped)
    return tl::unexpected{dropped.error()};
  if (next != places.size())
    return tl::unexpected{changed(path_)};
  made.train.bins = std::move(codes);
  return made;
}

core::result<void> large_table::write_rows(const std::vector<std::size_t>& rows, const std::string& path) const {
  std::vector<bool> is_wanted(targets_.size());
  for (const auto row : rows)
    is_wanted[row] = true;
  const auto source = csv_input::open(path_, columns_.delimiter);
  if (!source)
    return tl::unexpected{source.error()};
  auto file = output::open(path);
  if (!file)
    return tl::unexpected{file.error()};
  file->write(source->header_text() + "\n");
  std::size_t next = 0;
  const auto dropped = each_row([&](const training_row_reader&, std::string_view text) -> core::result<void> {
    if (next == is_wanted.size())
      return tl::unexpected{changed(path_)};
    if (is_wanted[next++])
      file->write(std::string{text} + "\n");
    return {};
  });
  if (!dropped)
    return tl::unexpected{dropped.error()};
  return file->finish();
}

} // namespace weir::cli
