#include "core/detect/relative_entropy.hpp"

#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <algorithm>

namespace weir::steps {

namespace {

using namespace config;

struct relative_entropy_settings {
  detection common;
};

constexpr auto relative_entropy_fields =
    join(std::array{field<&relative_entropy_settings::common, &detection::columns, &keyed_columns::of>(
             "relative_entropy", "the column of numbers that is watched", required)},
         judgement_fields<&relative_entropy_settings::common>);

void complete(relative_entropy_settings& s, yaml_section& from) {
  complete_detection(s.common, from);
}

class shares_of_last {
public:
  static constexpr core::tail_prior prior{};

  std::size_t state_size() const noexcept { return sizeof(core::relative_entropy); }
  std::string layout() const { return "shares between octiles"; }
  bool valid(const std::byte* state) const noexcept {
    return reinterpret_cast<const core::relative_entropy*>(state)->valid();
  }

  /// Twice the values times the entropy, which is about a chi-square where nothing has changed: of the window or of its
  /// newer half, whichever is more.
  scored score(std::byte* state, double x) const noexcept {
    const auto [whole, half] = reinterpret_cast<core::relative_entropy*>(state)->add(x);
    const auto entropy = std::max(whole, 0.5 * half);
    return {.score = 2 * core::relative_entropy::window * entropy, .is_warm = entropy > 0};
  }

  static double strangeness(const scored& found) noexcept { return found.score; }

  static std::string describe(double, const scored& found) {
    return "ends a window that is spread otherwise than those before it: relative entropy "
           + core::short_number(found.score / (2 * core::relative_entropy::window));
  }
};

void bind(const relative_entropy_settings& s, binding& into) {
  into.add(std::make_shared<scored_detector<shares_of_last>>(shares_of_last{}, s.common), s.common.columns);
}

} // namespace

constexpr step_kind relative_entropy = make_kind<relative_entropy_settings, relative_entropy_fields, bind, complete>(
    "relative_entropy",
    "another spread: the shares of octiles in the last 50 values against those before (Wang et al. 2011)",
    "{ relative_entropy: Amount, by: CustomerID, as: spread_otherwise }");

} // namespace weir::steps
