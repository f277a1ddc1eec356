#include "core/cluster/model_choice.hpp"

#include <algorithm>

namespace weir::core {

namespace {

constexpr char version = 1;

/// What a pipeline may have; a count beyond it is damage, and nothing is allocated for it.
constexpr std::uint32_t most_models = 10'000;

void put_models(std::string& out, const std::vector<chosen_model>& models) {
  put(out, static_cast<std::uint32_t>(models.size()));
  for (const auto& model : models)
    put(out, model);
}

bool take_models(byte_reader& in, std::vector<chosen_model>& models) {
  std::uint32_t count = 0;
  if (!in.take(count) || count > most_models)
    return false;
  models.clear();
  for (std::uint32_t i = 0; i < count; ++i)
    if (!take(in, models.emplace_back()))
      return false;
  return true;
}

} // namespace

const chosen_model* model_choice::of(std::string_view step, model_role role) const noexcept {
  const auto found =
      std::ranges::find_if(models, [&](const chosen_model& model) { return model.step == step && model.role == role; });
  return found == models.end() ? nullptr : &*found;
}

void put(std::string& out, const chosen_model& model) {
  put_text(out, model.step);
  put(out, model.role);
  put_text(out, model.path);
  put_text(out, model.digest);
  put_text(out, model.named);
  put(out, model.is_pinned);
  put(out, model.canary);
}

void put(std::string& out, const model_choice& choice) {
  put(out, choice.number);
  put_models(out, choice.models);
}

void put(std::string& out, const model_wish& wish) {
  put(out, wish.id);
  put_models(out, wish.models);
  put(out, wish.is_default);
}

bool take(byte_reader& in, chosen_model& model) {
  return in.take_text(model.step) && in.take(model.role) && model.role <= model_role::challenger
         && in.take_text(model.path) && in.take_text(model.digest) && in.take_text(model.named)
         && in.take(model.is_pinned) && in.take(model.canary) && model.canary >= 0 && model.canary <= 1;
}

bool take(byte_reader& in, model_choice& choice) {
  return in.take(choice.number) && take_models(in, choice.models);
}

bool take(byte_reader& in, model_wish& wish) {
  return in.take(wish.id) && take_models(in, wish.models) && in.take(wish.is_default);
}

std::string encode_model_choice(const model_choice& choice) {
  std::string out{version};
  put(out, choice);
  return out;
}

result<model_choice> decode_model_choice(std::string_view bytes) {
  byte_reader in{bytes};
  char written = 0;
  model_choice choice;
  if (!in.take(written) || written != version || !take(in, choice) || in.left() != 0)
    return fail("the state's choice of models is of another version", {},
                "use the version of Weir that wrote the state");
  return choice;
}

} // namespace weir::core
