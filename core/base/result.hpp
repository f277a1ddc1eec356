#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace weir::core {

/// What went wrong, where, and what to do about it. Errors are values: nothing in Weir throws across a module.
struct error {
  std::string what;            ///< one sentence, lower case, no full stop
  std::string where;           ///< `file:line:col`, `topic/partition@offset` or empty
  std::string remedy;          ///< what the user can do; may be empty
  bool is_unreachable = false; ///< a file, a broker or a node cannot be reached; otherwise what is there is wrong

  /// `where: what (remedy)`, as it is shown to a person.
  std::string text() const {
    auto line = where.empty() ? what : where + ": " + what;
    return remedy.empty() ? line : line + " (" + remedy + ")";
  }
};

template <class T>
using result = tl::expected<T, error>;

/// `return fail("cannot open 'x'", "", "check the path");`
inline tl::unexpected<error> fail(std::string what, std::string where = {}, std::string remedy = {}) {
  return tl::unexpected<error>{error{std::move(what), std::move(where), std::move(remedy)}};
}

/// The same of what cannot be reached: `return cannot_reach("cannot read 'x': No such file or directory");`
inline tl::unexpected<error> cannot_reach(std::string what, std::string where = {}, std::string remedy = {}) {
  return tl::unexpected<error>{error{std::move(what), std::move(where), std::move(remedy), true}};
}

} // namespace weir::core
