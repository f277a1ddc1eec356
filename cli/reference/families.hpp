#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// What `weir list`, the docs and `weir create` say of the kinds: it comes from the kinds' own tables.

namespace weir::cli {

/// A field of a kind, or of a section in it, as it is listed.
struct listed_field {
  std::string name;  ///< `create.partitions`
  std::string type;  ///< `column`, `duration`, or the words of a choice
  std::string usual; ///< the default as a file would say it; `required`; or empty
  std::string help;
};

/// One kind, or whatever else can be listed.
struct listed_kind {
  std::string name;
  std::string help;
  std::string example;
  std::vector<listed_field> fields{};
};

/// Kinds of one sort.
struct family {
  std::string_view name;     ///< `detectors`
  std::string_view singular; ///< `detector`
  std::string_view help;     ///< one line
  std::vector<listed_kind> (*kinds)();
  std::string_view example = ""; ///< heading of the examples in the docs
};

/// All families, in the order of `weir list`.
std::span<const family> families();

/// By its name or its singular; null when there is none.
const family* find_family(std::string_view name);

} // namespace weir::cli
