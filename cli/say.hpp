#pragma once

#include <cstdint>
#include <string>

namespace weir::cli {

enum class tone : std::uint8_t { info, warning, error };

/// What the program says of itself, to people: a line on standard error, or, where logs are JSON, a message of them.
void say(tone how, const std::string& text);

/// Whether logs are JSON: chosen once, before anything is said.
void say_in_json(bool on) noexcept;
bool says_in_json() noexcept;

/// Whether problems of files show the lines that they are about: not where a program reads what is said.
bool shows_excerpts() noexcept;
void show_no_excerpts() noexcept;

} // namespace weir::cli
