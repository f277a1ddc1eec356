#include "cli/say.hpp"

#include <spdlog/spdlog.h>

#include <cstdio>

namespace weir::cli {

namespace {

bool in_json = false;
bool with_excerpts = true;

spdlog::level::level_enum level_of(tone how) {
  switch (how) {
  case tone::info: return spdlog::level::info;
  case tone::warning: return spdlog::level::warn;
  case tone::error: break;
  }
  return spdlog::level::err;
}

} // namespace

void say(tone how, const std::string& text) {
  if (in_json)
    spdlog::log(level_of(how), "{}", text);
  else
    std::fprintf(stderr, "%s\n", text.c_str());
}

void say_in_json(bool on) noexcept {
  in_json = on;
}

bool says_in_json() noexcept {
  return in_json;
}

bool shows_excerpts() noexcept {
  return with_excerpts && !in_json;
}

void show_no_excerpts() noexcept {
  with_excerpts = false;
}

} // namespace weir::cli
