#include "config/explain.hpp"

#include <algorithm>
#include <string_view>

namespace weir::config {

std::pair<position, std::string> explain(const located& text, const core::error& e) {
  if (text.hidden)
    return {text.at, "wrong expression, once its references are replaced"};
  auto message = e.what + (e.remedy.empty() ? "" : ", " + e.remedy);
  const auto count = [&](char c) { return std::count(text.text.begin(), text.text.end(), c); };
  if (text.literal && e.remedy.empty() && count('(') > count(')'))
    message += ": between braces a comma ends a value, put the expression in quotes";
  auto at = text.at;
  constexpr std::string_view prefix = "col ";
  if (auto column = e.where.find(prefix); column != std::string::npos) {
    auto byte = e.where.substr(column + prefix.size());
    if (text.literal)
      at.column += std::stoi(byte) - 1;
    else if (byte != "1")
      message += " (at byte " + byte + " of the text)";
  }
  return {at, std::move(message)};
}

std::string explained(const core::error& e) {
  return e.what + (e.remedy.empty() ? "" : ": " + e.remedy);
}

std::string shown_column(const located& name) {
  return name.hidden ? "this column" : "'" + name.text + "'";
}

std::string without_secrets(std::string message, const std::vector<const located*>& texts) {
  constexpr std::string_view mask = "${...}";
  for (const auto* secret : texts) {
    if (!secret->hidden || secret->text.empty())
      continue;
    for (auto at = message.find(secret->text); at != std::string::npos;
         at = message.find(secret->text, at + mask.size()))
      message.replace(at, secret->text.size(), mask);
  }
  return message;
}

} // namespace weir::config
