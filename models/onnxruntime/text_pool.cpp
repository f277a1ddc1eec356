#include "models/onnxruntime/text_pool.hpp"

#include <mutex>

namespace weir::models {

bool text_pool::keep(std::span<std::string_view> texts) {
  std::size_t next = 0;
  {
    const std::shared_lock lock{guard_};
    for (; next < texts.size(); ++next) {
      const auto known = texts_.find(texts[next]);
      if (known == texts_.end())
        break;
      texts[next] = *known;
    }
  }
  if (next == texts.size())
    return true;
  const std::lock_guard lock{guard_};
  for (; next < texts.size(); ++next) {
    auto known = texts_.find(texts[next]);
    if (known == texts_.end()) {
      const auto cost = texts[next].size() + text_cost;
      if (cost > most_bytes_ - bytes_)
        return false;
      known = texts_.emplace(texts[next]).first;
      bytes_ += cost;
    }
    texts[next] = *known;
  }
  return true;
}

} // namespace weir::models
