#pragma once

#include "cli/exit_code.hpp"
#include "core/base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace weir::cli {

/// Where the value of an argument goes; its type says what may be written. A vector takes one value each time that the
/// option is given, and a positional one all that is left. A function reads the text itself: its error is the user's.
/// What is pointed to outlives the parse.
using place = std::variant<char*, int*, std::uint32_t*, std::uint64_t*, double*, std::string*,
                           std::vector<std::string>*, std::function<core::result<void>(const std::string&)>>;

/// An argument as it is declared: each call says one thing more about it.
class argument {
public:
  explicit argument(CLI::Option* of) noexcept : option_{of} {}

  argument& required();
  /// The help shows what stands in its place now.
  argument& with_default();
  /// The help shows this text.
  argument& with_default(const std::string& text);
  /// Both are allowed.
  argument& between(int least, int most);
  argument& between(double least, double most);
  argument& positive();
  argument& one_of(const std::vector<std::string>& words);
  /// Of several values in one text.
  argument& separated_by(char delimiter);
  /// Where it is not given, the variable of the environment is.
  argument& or_variable(const std::string& name);
  argument& excludes(const argument& other);
  /// Given twice, the later one holds; otherwise that is an error.
  argument& last_holds();

private:
  CLI::Option* option_;
};

/// What stands behind a command line's functions.
struct parsed_verb;

/// The arguments of a program, or of one of its verbs.
class arguments {
public:
  arguments(CLI::App* of, parsed_verb* parsed) noexcept : app_{of}, parsed_{parsed} {}

  /// @param names `-o,--output`; a name without dashes is positional
  argument option(const std::string& names, place into, const std::string& help = {});
  /// @param names `--label,!--no-label`: the second one says false
  void flag(const std::string& names, bool& into, const std::string& help);
  bool has(const std::string& name) const;

  /// A verb; where there are some, one has to be chosen. Options of the program may stand behind it too. @param help
  /// one line, lower case, no full stop
  arguments verb(std::string_view name, std::string_view help);

  /// What the verb does, when it was chosen. Behind its own verbs, if it has any: then what it does without one.
  void run(std::function<exit_code()> verb);

private:
  CLI::App* app_;
  parsed_verb* parsed_;
};

/// The command line of a program. The only door to the library that parses it, which is slow to compile.
class command_line {
public:
  /// @param help one sentence; @param version what `--version` prints; empty: there is no such option
  explicit command_line(const std::string& help, const std::string& version = {});
  ~command_line();
  command_line(const command_line&) = delete;
  command_line& operator=(const command_line&) = delete;

  arguments& all() noexcept { return all_; }

  /// Parses, and runs the verb that was chosen. @returns what the program ends with: of that verb, after a mistake (64,
  /// printed), after `--help`; nothing where there are no verbs and the arguments are right
  std::optional<int> parse(int argc, const char* const* argv);

private:
  std::unique_ptr<CLI::App> app_;
  std::unique_ptr<parsed_verb> parsed_;
  arguments all_;
};

/// A help text as the command line shows it: with a capital.
std::string capitalised(std::string_view help);

} // namespace weir::cli
