#include "cli/command_line.hpp"

#include "core/base/nearest_name.hpp"
#include "core/base/read_number.hpp"

#include <cctype>
#include <sstream>
#include <type_traits>
#include <utility>

#include <CLI/CLI.hpp>

namespace weir::cli {

struct parsed_verb {
  std::function<exit_code()> chosen;
};

argument& argument::required() {
  option_->required();
  return *this;
}

argument& argument::with_default() {
  option_->capture_default_str();
  return *this;
}

argument& argument::with_default(const std::string& text) {
  option_->default_str(text);
  return *this;
}

namespace {

/// The library's own says ranges with all digits of a double.
template <class Number, class Fits>
CLI::Validator number_that(Fits fits, const std::string& needed, const std::string& for_help) {
  const auto problem = [fits, needed](const std::string& text) {
    const auto number = core::read_number<Number>(text);
    return number && fits(*number) ? std::string{} : needed + " is needed, found '" + text + "'";
  };
  return {problem, for_help};
}

std::string in_help(const std::string& least, const std::string& most) {
  return "in [" + least + " - " + most + "]";
}

/// As a person writes it.
std::string written(double number) {
  std::ostringstream text;
  text << number;
  return text.str();
}

} // namespace

argument& argument::between(int least, int most) {
  const auto fits = [=](std::int64_t number) { return number >= least && number <= most; };
  const auto needed = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  option_->check(number_that<std::int64_t>(fits, needed, in_help(std::to_string(least), std::to_string(most))));
  return *this;
}

argument& argument::between(double least, double most) {
  const auto fits = [=](double number) { return number >= least && number <= most; };
  const auto needed = "a number from " + written(least) + " to " + written(most);
  option_->check(number_that<double>(fits, needed, in_help(written(least), written(most))));
  return *this;
}

argument& argument::positive() {
  option_->check(number_that<double>([](double number) { return number > 0; }, "a number above 0", "above 0"));
  return *this;
}

argument& argument::one_of(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return *this;
}

argument& argument::separated_by(char delimiter) {
  option_->delimiter(delimiter);
  return *this;
}

argument& argument::or_variable(const std::string& name) {
  option_->envname(name);
  return *this;
}

argument& argument::excludes(const argument& other) {
  option_->excludes(other.option_);
  return *this;
}

argument& argument::last_holds() {
  option_->take_last();
  return *this;
}

namespace {

/// Says what is wrong with a whole number. The library itself takes -1 for the largest one where none is below 0.
template <class Number>
std::string problem_of(const std::string& text) {
  if (core::read_number<Number>(text))
    return {};
  return std::string{std::is_signed_v<Number> ? "a whole number" : "a whole number from 0 on"} + " is needed, found '"
         + text + "'";
}

/// Adds an option of the place's type.
struct option_maker {
  CLI::App& app;
  const std::string& names;
  const std::string& help;

  template <class Value>
  CLI::Option* operator()(Value* into) const {
    auto* made = app.add_option(names, *into, help);
    if constexpr (std::is_integral_v<Value> && !std::is_same_v<Value, char>)
      made->check(CLI::Validator{problem_of<Value>, ""});
    return made;
  }

  // An option must not take what follows its value for another one: that is the next argument.
  CLI::Option* operator()(std::vector<std::string>* into) const {
    auto* made = app.add_option(names, *into, help);
    return made->get_positional() ? made : made->allow_extra_args(false);
  }

  CLI::Option* operator()(const std::function<core::result<void>(const std::string&)>& read) const {
    const auto checked = [read, name = names](const std::string& text) {
      if (const auto done = read(text); !done)
        throw CLI::ValidationError{name, done.error().text()};
    };
    return app.add_option_function<std::string>(names, checked, help);
  }
};

} // namespace

argument arguments::option(const std::string& names, place into, const std::string& help) {
  return argument{std::visit(option_maker{*app_, names, help}, into)};
}

void arguments::flag(const std::string& names, bool& into, const std::string& help) {
  app_->add_flag(names, into, help);
}

bool arguments::has(const std::string& name) const {
  return app_->get_option_no_throw(name) != nullptr;
}

arguments arguments::verb(std::string_view name, std::string_view help) {
  app_->require_subcommand(1);
  auto* made = app_->add_subcommand(std::string{name}, capitalised(help));
  made->fallthrough();
  return {made, parsed_};
}

void arguments::run(std::function<exit_code()> verb) {
  if (!app_->get_subcommands([](const CLI::App*) { return true; }).empty())
    app_->require_subcommand(0, 1);
  app_->callback([app = app_, parsed = parsed_, verb = std::move(verb)] {
    if (app->get_subcommands().empty()) // the callback of a verb's own verb comes first
      parsed->chosen = verb;
  });
}

namespace {

/// The option that was probably meant, where one was not expected.
std::string option_meant(const CLI::App& app) {
  std::vector<std::string> known;
  std::vector<std::string> unknown;
  const CLI::App* at = &app;
  while (at != nullptr) {
    for (const auto* option : at->get_options())
      for (const auto& name : option->get_lnames())
        known.push_back("--" + name);
    for (const auto& word : at->remaining())
      if (word.starts_with("--"))
        unknown.push_back(word.substr(0, word.find('=')));
    const auto chosen = at->get_subcommands();
    at = chosen.empty() ? nullptr : chosen.front();
  }
  return unknown.empty() ? std::string{} : core::did_you_mean(unknown.front(), known);
}

/// What is wrong where a verb has to be chosen, of the program or of one of its verbs, and none is; nothing: that is
/// not it.
std::optional<core::error> no_verb(const CLI::App& app, const std::vector<std::string>& words) {
  if (const auto chosen = app.get_subcommands(); !chosen.empty())
    return no_verb(*chosen.front(), words);
  std::vector<std::string> verbs;
  std::string listed;
  for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    verbs.push_back(verb->get_name());
    listed += (listed.empty() ? "" : ", ") + verb->get_name();
  }
  if (verbs.empty() || (!words.empty() && words.front().starts_with('-')))
    return std::nullopt;
  const auto of = app.get_parent() != nullptr ? " of '" + app.get_name() + "'" : std::string{};
  if (words.empty())
    return core::error{"a verb" + of + " is missing", {}, "verbs: " + listed};
  const auto meant = core::did_you_mean(words.front(), verbs);
  return core::error{"there is no verb '" + words.front() + "'" + of, {}, meant.empty() ? "verbs: " + listed : meant};
}

} // namespace

command_line::command_line(const std::string& help, const std::string& version) :
    app_{std::make_unique<CLI::App>(help)}, parsed_{std::make_unique<parsed_verb>()}, all_{app_.get(), parsed_.get()} {
  if (!version.empty())
    app_->set_version_flag("--version", version);
}

command_line::~command_line() = default;

std::optional<int> command_line::parse(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) // --help, --version
      return app_->exit(e);
    if (const auto missing = no_verb(*app_, app_->remaining(true)))
      return static_cast<int>(report(*missing, exit_code::usage));
    const auto meant = option_meant(*app_);
    return static_cast<int>(
        report({e.what(), {}, meant.empty() ? "--help says what there is" : meant}, exit_code::usage));
  }
  if (!parsed_->chosen)
    return std::nullopt;
  return static_cast<int>(parsed_->chosen());
}

std::string capitalised(std::string_view help) {
  std::string text{help};
  if (!text.empty())
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

} // namespace weir::cli
