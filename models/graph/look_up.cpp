#include "models/graph/look_up.hpp"

#include "models/graph/argument.hpp"

#include <algorithm>
#include <type_traits>

namespace weir::models {

namespace {

template <class T>
class look_up_kernel final : public kernel {
public:
  look_up_kernel(registers from, registers to, std::vector<T> list) :
      kernel{std::move(from), std::move(to)}, list_{std::move(list)} {
    is_by_column = true;
  }

  void run(const frame& f) const override {
    const auto last = static_cast<std::int64_t>(list_.size()) - 1;
    for (std::size_t c = 0; c < writes.size(); ++c) {
      const auto* at = f.at<const std::int64_t>(reads[c]);
      auto* out = f.at<T>(writes[c]);
      for (std::size_t r = 0; r < f.rows(); ++r)
        out[r] = list_[static_cast<std::size_t>(std::clamp<std::int64_t>(at[r], 0, last))];
    }
  }

private:
  std::vector<T> list_;
};

} // namespace

registers look_up_columns(program_builder& program, const constant_values& list, const registers& at) {
  const auto made = program.make(type_of(list), at.size());
  std::visit(
      [&]<class T>(const std::vector<T>& values) {
        if constexpr (std::is_same_v<T, std::string>) {
          std::vector<std::string_view> kept;
          for (const auto& value : values)
            kept.push_back(program.keep(value));
          program.add<look_up_kernel<std::string_view>>(at, made, std::move(kept));
        } else if constexpr (!std::is_same_v<T, bool>) {
          program.add<look_up_kernel<T>>(at, made, values);
        }
      },
      list);
  return made;
}

constant_values values_of(const class_labels& labels) {
  return std::visit([](const auto& values) -> constant_values { return values; }, labels);
}

template <class T>
register_id largest_column(program_builder& program, const registers& of) {
  const auto made = program.make(element::i64);
  program.add<argument_kernel<T, true>>(of, registers{made}, false);
  return made;
}

template register_id largest_column<float>(program_builder&, const registers&);
template register_id largest_column<double>(program_builder&, const registers&);

} // namespace weir::models
