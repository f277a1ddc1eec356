#include "core/detect/spectral_residual.hpp"

#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace weir::steps {

namespace {

using namespace config;

struct spectral_residual_settings {
  detection common;
  std::uint32_t size = 128;
};

constexpr auto spectral_residual_fields =
    join(std::array{field<&spectral_residual_settings::common, &detection::columns, &keyed_columns::of>(
                        "spectral_residual", "the column of numbers that is watched", required),
                    field<&spectral_residual_settings::size>(
                        "size", "of the transform, a power of two: the last values, and five that are estimated",
                        between(32, core::spectral_residual::largest_size))},
         judgement_fields<&spectral_residual_settings::common>);

void complete(spectral_residual_settings& s, yaml_section& from) {
  complete_detection(s.common, from);
  if (!std::has_single_bit(s.size)) {
    const auto* size = from.find("size");
    from.report(size != nullptr ? size->at : from.at(), "'size' in detector must be a power of two");
    s.size = std::bit_ceil(s.size);
  }
}

class from_saliency {
public:
  /// Of a normal distribution, whatever the size: one score in twenty is above 2, by 0.75 on average.
  static constexpr core::tail_prior prior{2, 0.75};

  explicit from_saliency(const spectral_residual_settings& s) : of_{s.size} {}

  std::size_t state_size() const noexcept { return sizeof(history) + of_.window() * sizeof(double); }
  std::string layout() const { return "the last " + std::to_string(of_.window()); }
  bool valid(const std::byte* state) const noexcept {
    return reinterpret_cast<const history*>(state)->head < of_.window();
  }

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    auto* const ring = reinterpret_cast<double*>(&past + 1);
    ring[past.head] = x;
    past.head = past.head + 1 == of_.window() ? 0 : past.head + 1;
    scored found;
    if (++past.count < of_.window())
      return found;
    std::array<double, core::spectral_residual::largest_size> values;
    const auto oldest = std::copy(ring + past.head, ring + of_.window(), values.begin());
    std::copy(ring, ring + past.head, oldest);
    found.is_warm = true;
    found.score = of_.score(std::span{values}.first(of_.window()));
    return found;
  }

  static double strangeness(const scored& found) noexcept { return std::max(found.score, 0.0); }

  static std::string describe(double, const scored& found) {
    return "stands out of what repeats, " + core::short_number(found.score + 1) + " times as much as those before it";
  }

private:
  struct history {
    std::uint64_t count;
    std::uint64_t head; ///< where the next value goes: behind it comes the oldest
  };

  core::spectral_residual of_;
};

} // namespace

constexpr step_kind spectral_residual = make_kind<spectral_residual_settings, spectral_residual_fields,
                                                  bind_scored<spectral_residual_settings, from_saliency>, complete>(
    "spectral_residual",
    "a value that stands out of what repeats: the saliency of the last values' spectral residual (Ren et al. 2019)",
    "{ spectral_residual: Amount, by: CustomerID, size: 128, as: stands_out }");

} // namespace weir::steps
