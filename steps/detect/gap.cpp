#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <algorithm>

namespace weir::steps {

namespace {

using namespace config;

struct gap_settings {
  detection common;
  double alpha = 0.02;
  std::uint32_t min_count = 20;
};

constexpr auto gap_fields = join(
    std::array{field<&gap_settings::common, &detection::columns, &keyed_columns::of>(
                   "gap", "a timestamp, in whose order records come", required),
               field<&gap_settings::alpha>("alpha", "how fast the usual distance follows", above(0) | between(0, 1))},
    min_count_fields<&gap_settings::min_count>, judgement_fields<&gap_settings::common>);

class between_records {
public:
  static constexpr core::tail_prior prior{};
  static constexpr bool values_are_times = true;

  explicit between_records(const gap_settings& s) : alpha_{s.alpha}, min_count_{s.min_count} {}

  std::size_t state_size() const noexcept { return sizeof(history); }
  std::string layout() const { return "distances, alpha " + std::to_string(alpha_); }
  bool valid(const std::byte*) const noexcept { return true; } // it is only calculated with

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    const auto distance = std::max(x - past.newest, 0.0);
    past.newest = past.count == 0 ? x : std::max(x, past.newest);
    if (past.count++ == 0)
      return {};
    scored found{.expected = past.usual};
    if (past.count > min_count_) {
      found.is_warm = true;
      found.score = past.usual > 0 ? distance / past.usual : 0;
    }
    const auto weight = std::max(alpha_, 1 / static_cast<double>(past.count - 1));
    const auto learned = past.count > min_count_ ? std::min(distance, most * past.usual) : distance;
    past.usual += weight * (learned - past.usual);
    return found;
  }

  static double strangeness(const scored& found) noexcept { return found.score; }

  static std::string describe(double, const scored& found) {
    return "is the first behind a gap of " + core::short_number(found.score * found.expected / 1000) + " s, "
           + core::short_number(found.score) + " times the usual distance";
  }

private:
  /// What one gap teaches at most, in usual distances.
  static constexpr double most = 10;

  struct history {
    std::uint64_t count;
    double newest; ///< ms
    double usual;  ///< ms
  };

  double alpha_;
  std::uint32_t min_count_;
};

} // namespace

constexpr step_kind gap =
    make_kind<gap_settings, gap_fields, bind_scored<gap_settings, between_records>, complete_common<gap_settings>>(
        "gap", "a record that comes longer behind the one before it than records usually do",
        "{ gap: Date, by: CustomerID, as: was_away }");

} // namespace weir::steps
