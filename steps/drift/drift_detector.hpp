#pragma once

#include "config/binding.hpp"
#include "config/kind.hpp"
#include "core/drift/drift_level.hpp"
#include "core/keyed/keyed_operator.hpp"
#include "steps/detect/detector.hpp"

#include <algorithm>
#include <cmath>
#include <string>

// What detectors of drift have in common: keyed operators that say of each record whether the stream has changed with
// it. A missing value says nothing and enters nothing.

namespace weir::steps {

/// `as`, `level`, `by` and `max_keys`. @tparam Columns the member of the settings that holds keyed_columns
template <auto Columns>
constexpr auto drift_fields = config::join(
    std::array{
        config::field<Columns, &config::keyed_columns::flag>("as", "boolean column: has it changed, with this record",
                                                             config::required),
        config::field<Columns, &config::keyed_columns::value>("level", "double column: 0, 1 a warning, 2 a drift")},
    memory_fields<Columns>);

/// What a column of errors holds, for help.
inline constexpr std::string_view errors_help =
    "the column of errors: true or 1 where a model was wrong, false or 0 where it was right";

/// @tparam Detector plain bytes with add(value, options) -> drift_level and valid()
/// @tparam IsError values are errors, from 0 to 1
template <class Detector, class Options, bool IsError>
class drift_detector final : public core::keyed_operator {
public:
  /// @param layout names the options that the meaning of the state depends on
  drift_detector(const Options& options, std::string layout) : options_{options}, layout_{std::move(layout)} {}

  std::size_t state_size() const noexcept override { return sizeof(Detector); }
  std::string state_layout() const override { return layout_; }
  bool valid(const std::byte* state) const noexcept override {
    return reinterpret_cast<const Detector*>(state)->valid();
  }

  void process(const core::keyed_rows& rows, core::keyed_results& into) const override {
    for (std::size_t i = 0; i < rows.size; ++i) {
      const auto x = rows.values[0][i];
      if (!std::isfinite(x)) {
        give_no_score(into, i);
        continue;
      }
      auto& detector = rows.state<Detector>(i);
      const auto level =
          add(detector, IsError ? std::clamp(x, 0.0, 1.0) : std::clamp(x, -largest_value, largest_value));
      give_score(into, i, static_cast<double>(level), level == core::drift_level::drift);
    }
  }

private:
  core::drift_level add(Detector& detector, double x) const noexcept {
    if constexpr (requires {
                    { detector.add(x, options_) } -> std::same_as<bool>;
                  }) {
      if (!detector.add(x, options_))
        return core::drift_level::none;
      detector = {};
      return core::drift_level::drift;
    } else {
      return detector.add(x, options_);
    }
  }

  Options options_;
  std::string layout_;
};

} // namespace weir::steps
