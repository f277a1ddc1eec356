#include "io/news.hpp"

#include <spdlog/spdlog.h>

#include <map>
#include <mutex>
#include <utility>

namespace weir::io {

namespace {

using std::chrono::steady_clock;

constexpr auto silence = std::chrono::minutes(1);
constexpr std::size_t most_remembered = 100;

struct news_memory {
  std::mutex mutex;
  std::map<std::string, steady_clock::time_point> said;
};

news_memory& memory() {
  static news_memory only;
  return only;
}

} // namespace

bool is_news(const std::string& text, steady_clock::time_point now) {
  auto& [mutex, said] = memory();
  const std::lock_guard lock{mutex};
  if (said.size() >= most_remembered)
    std::erase_if(said, [&](const auto& entry) { return now - entry.second >= silence; });
  if (said.size() >= most_remembered)
    said.clear();
  const auto [entry, is_new] = said.try_emplace(text, now);
  return is_new || now - std::exchange(entry->second, now) >= silence;
}

void warn_of(const std::string& text) {
  if (is_news(text))
    spdlog::warn("{}", text);
}

void tell_error(const std::string& text) {
  if (is_news(text))
    spdlog::error("{}", text);
}

} // namespace weir::io
