#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weir::models {

/// What computes a model.
enum class backend : std::uint8_t {
  weir,        ///< programs of ours, of the operators that these know: read_onnx()
  onnxruntime, ///< ONNX Runtime's library, with all of its operators: read_runtime_model()
};

inline constexpr std::array backend_names{std::pair{std::string_view{"weir"}, backend::weir},
                                          std::pair{std::string_view{"onnxruntime"}, backend::onnxruntime}};

/// How files and command lines call them.
constexpr std::span<const std::pair<std::string_view, backend>> words_for(std::type_identity<backend>) {
  return backend_names;
}

constexpr std::optional<backend> backend_named(std::string_view name) {
  for (const auto& [known, which] : backend_names)
    if (known == name)
      return which;
  return std::nullopt;
}

} // namespace weir::models
