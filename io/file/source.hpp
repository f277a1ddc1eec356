#pragma once

#include "config/endpoint.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace weir::io {

struct file_source_settings {
  std::string path;
  int partitions = 1;               ///< virtual partitions
  std::string key;                  ///< field whose value keys the record; empty: no key, records go in turn
  double rate = 0;                  ///< records a second; 0: full speed
  config::milliseconds duration{0}; ///< 0: to the end
  std::uint64_t limit = 0;          ///< records; 0: to the end
  bool follow = false;              ///< it has no end: it is read on as it grows
};

/// A file that is replayed.
class file_source final : public config::source {
public:
  file_source(const config::source_kind& of, file_source_settings settings, config::yaml_section&) :
      config::source{of}, settings_{std::move(settings)} {}

  const std::string& name() const noexcept override { return settings_.path; }
  const std::string* file() const noexcept override { return settings_.path == "-" ? nullptr : &settings_.path; }

  int least_partitions() const noexcept override { return settings_.partitions; }

  core::result<std::vector<core::sampled_field>> sample(const core::format_kind& format, const core::row_reading& rows,
                                                        std::uint64_t records) const override;

  /// The key is the schema's, where the file says of none.
  void complete(const config::completion& with) override;
  config::value::mapping show() const override;
  core::result<void> check(const config::pipeline& of) const override;
  preparation prepare(topic_clients& clients, const config::pipeline& of) const override;
  core::result<input> open(const input_options& options) const override;

private:
  core::result<void> check_known(const config::pipeline& of) const;
  core::result<void> check_header(const std::vector<std::string>& header, const config::pipeline& of) const;

  file_source_settings settings_;
};

} // namespace weir::io
