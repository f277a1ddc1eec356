#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::models {

/// The alias that always is the newest version; nobody sets it.
inline constexpr std::string_view latest = "latest";

/// A letter or a digit, then letters, digits, '.', '_' and '-'. The error says it with `what`: `a model's name`.
core::result<void> check_name(std::string_view name, std::string_view what);

/// The name of a model: the last part of REGISTRY/NAME. An error: that is no name.
core::result<std::string> model_name_of(const std::string& path);

/// The same of an alias, which is neither a number nor `latest`.
core::result<void> check_alias(std::string_view alias);

/// The version that a text is: a whole number from 1, without leading zeros, of at most 15 digits.
std::optional<std::uint64_t> read_version(std::string_view text) noexcept;

/// The version whose file is called so: of `3.onnx` 3.
std::optional<std::uint64_t> version_of_file(std::string_view name) noexcept;

/// `3.onnx`
std::string file_of_version(std::uint64_t version);

} // namespace weir::models
