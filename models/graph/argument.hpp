#pragma once

#include "models/graph/program.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace weir::models {

/// Which column of a group wins; of equal ones the first, or the last.
template <class T, bool wants_largest>
class argument_kernel final : public kernel {
public:
  argument_kernel(registers from, registers to, bool takes_last) :
      kernel{std::move(from), std::move(to)}, takes_last_{takes_last} {}

  void run(const frame& f) const override {
    const auto size = reads.size() / writes.size();
    thread_local std::vector<T> best;
    best.resize(f.rows());
    for (std::size_t c = 0; c < writes.size(); ++c) {
      auto* out = f.at<std::int64_t>(writes[c]);
      std::copy_n(f.at<const T>(reads[c * size]), f.rows(), best.begin());
      std::fill_n(out, f.rows(), 0);
      for (std::size_t i = 1; i < size; ++i) {
        const auto* column = f.at<const T>(reads[c * size + i]);
        for (std::size_t r = 0; r < f.rows(); ++r) {
          const auto is_better = wants_largest ? column[r] > best[r] : column[r] < best[r];
          if (is_better || (takes_last_ && column[r] == best[r])) {
            best[r] = column[r];
            out[r] = static_cast<std::int64_t>(i);
          }
        }
      }
    }
  }

private:
  bool takes_last_;
};

} // namespace weir::models
