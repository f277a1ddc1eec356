#pragma once

#include "core/base/byte_codec.hpp"
#include "core/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// The file that a step of `infer` scores with, in place of the one that the pipeline file names.
struct chosen_model {
  std::string step;       ///< the first column that it makes
  std::string path;       ///< as every node finds it
  std::string digest;     ///< the file's SHA-256, in hexadecimal digits: a file with another is refused
  std::string named;      ///< the model of the pipeline file: once that names another, it counts again
  bool is_pinned = false; ///< an operator chose it; else it is what the step follows

  bool operator==(const chosen_model&) const = default;
};

/// The models that a pipeline scores with, as far as they are others than its file says. All nodes and lanes that have
/// the same number have the same models; a larger number is newer.
struct model_choice {
  std::uint64_t number = 0;         ///< 0: all models are those of the pipeline file
  std::vector<chosen_model> models; ///< one a step at most

  /// Null: the step scores with the model of the pipeline file.
  const chosen_model* of(std::string_view step) const noexcept;

  bool operator==(const model_choice&) const = default;
};

/// An operator, or what a step follows, wants it to score with this file.
struct model_wish {
  std::uint64_t id = 0; ///< random: it may be told more than once
  chosen_model model;
  bool is_default = false; ///< rather with the one that the pipeline file names; `path` and `digest` mean nothing
};

void put(std::string& out, const chosen_model& model);
void put(std::string& out, const model_choice& choice);
void put(std::string& out, const model_wish& wish);

/// False: these are not the bytes of one.
[[nodiscard]] bool take(byte_reader& in, chosen_model& model);
[[nodiscard]] bool take(byte_reader& in, model_choice& choice);
[[nodiscard]] bool take(byte_reader& in, model_wish& wish);

/// Key and value of the record in a lane's state that says which models it scores with from the marker behind it on.
inline constexpr std::string_view model_choice_key{"\x06", 1};
std::string encode_model_choice(const model_choice& choice);

/// An error: this is no choice of models, or one of another version of Weir.
result<model_choice> decode_model_choice(std::string_view bytes);

} // namespace weir::core
