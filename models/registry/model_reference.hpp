#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::models {

/// What a path of a model says: `REGISTRY/risk@champion`, `REGISTRY/risk@3`, `REGISTRY/risk@latest`.
struct model_reference {
  std::string folder;   ///< of the model, REGISTRY/risk; without an `@` the whole path
  std::string selector; ///< an alias, a number or `latest`; empty: there is no `@`
};

/// Takes a path apart at the last `@` of its last part.
model_reference parse_reference(std::string_view path);

/// The file that a path or a reference means now.
struct resolved_model {
  std::string file;          ///< to read
  std::string name;          ///< of the model; of a file its stem
  std::uint64_t version = 0; ///< 0: a file outside of a registry
  std::string alias;         ///< that was asked for, or `latest`; empty: a number, or a file
  std::string digest;        ///< SHA-256 that the file must have, as the audit log says; empty: that is not known

  /// How the model is called, in outputs and alerts too: `risk/3@2f0c6d1b`, of a file outside of a registry
  /// `risk@2f0c6d1b`. @param as in place of the name; empty: that @param digest SHA-256 of its bytes
  std::string version_text(std::string_view as, std::string_view digest) const;
};

/// Finds that file. What exists as a file is that file, whatever its name holds; else what has an `@` is a reference.
/// An error says which aliases and versions there are; is_unreachable where there is neither such a file nor such a
/// model. A few small files are read, and nothing is locked: it may be asked as often as one likes.
core::result<resolved_model> resolve_model(const std::string& path);

/// Whether there is something that resolve_model() takes: a file, or the model that a reference names.
bool is_model_at(const std::string& path);

struct model_file {
  std::string bytes;
  std::string digest; ///< their SHA-256
};

/// Reads it. Fails where it is not the file that the audit log says.
core::result<model_file> read_model_file(const resolved_model& from);

} // namespace weir::models
