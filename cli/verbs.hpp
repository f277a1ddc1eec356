#pragma once

#include "cli/command_line.hpp"

#include <span>
#include <string_view>

namespace weir::cli {

/// A verb of the command line. A verb is one file, one line here and one in the table of verbs.cpp.
struct verb {
  std::string_view name;
  std::string_view help;    ///< one line, lower case, no full stop
  std::string_view example; ///< a whole command

  void (*declare)(arguments verb); ///< its arguments, and what it does
};

namespace verbs {

extern const verb run;
extern const verb up;
extern const verb node;
extern const verb create;
extern const verb validate;
extern const verb test;
extern const verb echo;
extern const verb graph;
extern const verb list;
extern const verb schema;
extern const verb generate;
extern const verb produce;
extern const verb consume;
extern const verb dlq;
extern const verb status;
extern const verb ctl;
extern const verb train;
extern const verb score;
extern const verb eval;
extern const verb drift;
extern const verb models;
extern const verb alerts;
extern const verb demo;

} // namespace verbs

/// All of them, in the order of the help.
std::span<const verb* const> all_verbs();

} // namespace weir::cli
