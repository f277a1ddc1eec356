#pragma once

#include "core/base/byte_codec.hpp"
#include "core/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

enum class model_role : std::uint8_t {
  champion,  ///< the step scores with it
  challenger ///< it may take the champion's place: it scores too, and is compared
};

/// The file that a step of `infer` scores with, in place of the one that the pipeline file names.
struct chosen_model {
  std::string step; ///< the first column that it makes
  model_role role = model_role::champion;
  std::string path;       ///< as every node finds it; empty: none, of a challenger alone
  std::string digest;     ///< the file's SHA-256, in hexadecimal digits: a file with another is refused
  std::string named;      ///< the model of the pipeline file: once that names another, it counts again
  bool is_pinned = false; ///< an operator or a rule chose it; else it is what the step follows
  double canary = 0;      ///< share of keys, 0 to 1, whose records get the challenger's results

  bool operator==(const chosen_model&) const = default;
};

/// The models that a pipeline scores with, as far as they are others than its file says. All nodes and lanes that have
/// the same number have the same models; a larger number is newer.
struct model_choice {
  std::uint64_t number = 0;         ///< 0: all models are those of the pipeline file
  std::vector<chosen_model> models; ///< one a step and role at most

  /// Null: it is the one of the pipeline file.
  const chosen_model* of(std::string_view step, model_role role = model_role::champion) const noexcept;

  bool operator==(const model_choice&) const = default;
};

/// An operator, a rule, or what a step follows, wants it to score with other files.
struct model_wish {
  std::uint64_t id = 0;             ///< it may be told more than once
  std::vector<chosen_model> models; ///< all at once
  bool is_default = false;          ///< rather with those that the pipeline file names: of them `step` and `role` count
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
