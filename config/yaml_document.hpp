#pragma once

#include "config/diagnostic.hpp"
#include "config/environment.hpp"

#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace weir::config {

/// A node of a YAML document, with its place. Lives as long as its document.
struct yaml_node {
  enum class shape : std::uint8_t { nothing, scalar, list, mapping };

  struct member {
    const yaml_node* key = nullptr; ///< always a scalar
    const yaml_node* value = nullptr;
  };

  yaml_node::shape shape = shape::nothing;
  position at;
  std::string text;        ///< scalar: its value, references replaced
  std::string spelled;     ///< scalar: its value as the file spells it, safe to show; nothing: `null`, where it says so
  bool quoted = false;     ///< scalar: in quotes or a block, so never a number or a truth value
  bool literal = false;    ///< scalar: `text` stands so in the file, at `text_at`
  bool hidden = false;     ///< scalar: `text` holds a value from the environment or a file
  bool unresolved = false; ///< scalar: a reference in it could not be replaced, which has been reported
  position text_at;        ///< scalar: `at`, behind the quote if there is one
  std::vector<const yaml_node*> items;
  std::vector<member> members; ///< in the order of the file, keys differ

  /// What a message calls it: `'text'`, `a list`, `a mapping`, `nothing`.
  std::string description() const;
};

/// Limits on what is read; what is beyond is a diagnostic. Aliases count with all that they stand for.
struct yaml_limits {
  std::size_t bytes = 1u << 20;
  std::size_t depth = 32;
  std::size_t nodes = 100'000;
};

/// A YAML file of one document as a tree: aliases followed, `${...}` in scalars replaced (after parsing, so that a
/// value can never add structure), and a top-level key `a.b: x` read as `a: {b: x}`. What YAML parsers let pass is an
/// error here: duplicate keys, keys that are no scalars, tags, a second document, text that is not UTF-8.
class yaml_document {
public:
  /// Reads all of `text`; problems go to `diagnostics`. `root()` is null when there is no tree at
  /// all, or nothing in it.
  yaml_document(std::string_view text, const std::string& file_name, const environment& variables,
                std::vector<diagnostic>& diagnostics, yaml_limits limits = {});

  const yaml_node* root() const noexcept { return root_; }

private:
  friend class yaml_tree_builder;

  void split_dotted_keys(const std::string& file_name, std::vector<diagnostic>& diagnostics);
  void replace_references(const std::string& file_name, const environment& variables,
                          std::vector<diagnostic>& diagnostics);

  std::deque<yaml_node> nodes_; ///< a deque, since nodes point at each other
  yaml_node* root_ = nullptr;
};

/// The text of a file, up to one byte more than yaml_limits allows.
tl::expected<std::string, diagnostic> read_text(const std::filesystem::path& path);

} // namespace weir::config
