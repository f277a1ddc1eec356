#include "cli/format_option.hpp"

#include "core/format/format.hpp"

#include <array>

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

/// What `--format WORD` takes of these; null: it refuses the word.
const core::format_kind* taken(const std::string& word, std::span<const core::format_kind* const> choices) {
  command_line line{"help"};
  const core::format_kind* into = nullptr;
  add_format_option(line.all(), into, choices, "help");
  const std::array given{"program", "--format", word.c_str()};
  return line.parse(given.size(), given.data()) ? nullptr : into;
}

TEST(format_option_test, takes_the_names_of_all_formats_and_the_extensions_of_their_files) {
  for (const auto* format : core::formats()) {
    EXPECT_EQ(taken(std::string{format->name}, core::formats()), format);
    for (const auto extension : format->extensions)
      EXPECT_EQ(taken(std::string{extension.substr(1)}, core::formats()), format) << extension;
  }
  EXPECT_EQ(taken("ndjson", core::formats()), &core::json_format);
}

TEST(format_option_test, refuses_what_is_none_of_its_choices) {
  const std::array choices{&core::csv_format};
  EXPECT_EQ(taken("csv", choices), &core::csv_format);
  EXPECT_EQ(taken("json", choices), nullptr);
  EXPECT_EQ(taken("cvs", core::formats()), nullptr);
}

} // namespace
} // namespace weir::cli
