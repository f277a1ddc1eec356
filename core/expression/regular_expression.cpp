#include "core/expression/regular_expression.hpp"

#include <array>

#include <re2/re2.h>

namespace weir::core {

namespace {

constexpr std::size_t max_groups = 16;

re2::StringPiece piece(std::string_view text) noexcept {
  return {text.data(), text.size()};
}

} // namespace

result<regular_expression> regular_expression::compile(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const re2::RE2>(piece(pattern), options);
  if (!compiled->ok())
    return fail("a wrong regular expression: " + compiled->error(), {},
                "its syntax is that of RE2: no look-around, no back references");
  if (compiled->NumberOfCapturingGroups() >= static_cast<int>(max_groups))
    return fail("a regular expression with more than 15 groups", {}, "write (?:...) for those that are not needed");
  regular_expression made;
  made.pattern_ = std::move(compiled);
  return made;
}

bool regular_expression::matches(std::string_view text) const {
  return re2::RE2::PartialMatch(piece(text), *pattern_);
}

bool regular_expression::extract(std::string_view text, std::int64_t group, std::string_view& out) const {
  if (group < 0 || group > groups())
    return false;
  std::array<re2::StringPiece, max_groups> found;
  const auto count = static_cast<int>(group) + 1;
  if (!pattern_->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, found.data(), count))
    return false;
  const auto& part = found[static_cast<std::size_t>(group)];
  if (part.data() == nullptr)
    return false;
  out = {part.data(), part.size()};
  return true;
}

std::string regular_expression::replace(std::string_view text, std::string_view by) const {
  std::string made{text};
  re2::RE2::GlobalReplace(&made, *pattern_, piece(by));
  return made;
}

int regular_expression::groups() const noexcept {
  return pattern_->NumberOfCapturingGroups();
}

} // namespace weir::core
