#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::io {

/// Who a member of a consumer group is: what its client.id says, unless the pipeline file gives one. Two processes with
/// one node's name are told apart by it.
struct member_name {
  std::string node;
  std::string host;
  int process = 0;
  std::int64_t started = 0; ///< ms since the epoch

  /// This process, as of now.
  static member_name here(std::string node);

  /// `node..host..process..started`: Kafka's tools do not like other characters in it.
  std::string client_id() const;
  static std::optional<member_name> parse(std::string_view client_id);

  /// For people.
  std::string text() const;
};

/// Whether `other` is another process under the same name that began before.
bool is_earlier_double(const member_name& other, const member_name& self);

} // namespace weir::io
