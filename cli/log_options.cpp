#include "cli/log_options.hpp"

#include "cli/say.hpp"
#include "core/base/civil_time.hpp"
#include "core/base/utf8.hpp"
#include "io/json_document.hpp"

#include <spdlog/cfg/env.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace weir::cli {

namespace {

constexpr const char* level_variable = "WEIR_LOG_LEVEL";
constexpr const char* format_variable = "WEIR_LOG_FORMAT";

/// A line of JSON for each message.
class json_lines final : public spdlog::formatter {
public:
  void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& dest) override {
    using namespace std::chrono;
    const auto ms = duration_cast<milliseconds>(msg.time.time_since_epoch()).count();
    std::array<char, core::timestamp_text_size> time{};
    const auto* const end = core::format_timestamp(ms, time.data());
    const auto level = spdlog::level::to_string_view(msg.level);
    io::json_document line;
    line.begin_object();
    line.member("time", std::string{static_cast<const char*>(time.data()), end});
    line.member("level", std::string{level.data(), level.size()});
    line.member("message", core::to_utf8({msg.payload.data(), msg.payload.size()}));
    line.end_object();
    const auto text = line.text();
    dest.append(text.data(), text.data() + text.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<json_lines>(); }
};

core::result<void> set_level(const std::string& name) {
  spdlog::set_level(spdlog::level::from_str(name));
  ::setenv(level_variable, name.c_str(), 1);
  return {};
}

core::result<void> set_format(const std::string& name) {
  say_in_json(name == "json");
  if (says_in_json())
    spdlog::set_formatter(std::make_unique<json_lines>());
  ::setenv(format_variable, name.c_str(), 1);
  return {};
}

} // namespace

// What a verb prints is its result; what it logs must not get into it.
void begin_logging() {
  spdlog::set_default_logger(spdlog::stderr_color_mt("weir"));
  spdlog::cfg::load_env_levels(); // SPDLOG_LEVEL=debug
}

void declare_log_options(arguments& all) {
  const std::vector<std::string> levels{"trace", "debug", "info", "warning", "error", "off"};
  const std::vector<std::string> formats{"text", "json"};
  all.option("--log-level", set_level, "What is logged: trace, debug, info, warning, error or off")
      .one_of(levels)
      .or_variable(level_variable)
      .last_holds();
  all.option("--log-format", set_format, "text, or json: an object a line with time, level and message")
      .one_of(formats)
      .or_variable(format_variable)
      .last_holds();
}

} // namespace weir::cli
