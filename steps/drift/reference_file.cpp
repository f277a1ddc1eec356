#include "steps/drift/reference_file.hpp"

#include "core/base/nearest_name.hpp"
#include "core/format/format.hpp"
#include "core/format/record_rows.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

namespace weir::steps {

namespace {

constexpr std::size_t rows_of_a_batch = 4096;
constexpr std::size_t bytes_of_a_read = 256 * 1024;

/// Rows of the file, one after the other.
class row_reader {
public:
  row_reader(const std::string& path, const core::format_kind& format) : file_{path, std::ios::binary}, rows_{format} {}

  bool is_open() const { return file_.is_open(); }

  std::optional<core::record_rows::row> next() {
    for (;;) {
      if (auto row = rows_.next())
        return row;
      if (is_ended_)
        return std::nullopt;
      const auto room = rows_.room(bytes_of_a_read);
      file_.read(room.data(), static_cast<std::streamsize>(room.size()));
      rows_.added(static_cast<std::size_t>(file_.gcount()));
      if (file_.gcount() == 0) {
        rows_.end();
        is_ended_ = true;
      }
    }
  }

private:
  std::ifstream file_;
  core::record_rows rows_;
  bool is_ended_ = false;
};

} // namespace

core::result<void> read_reference(const std::string& path, const core::layout& columns,
                                  const std::function<void(const core::batch&)>& visit) {
  const auto& format = path.ends_with(".csv") ? core::csv_format : core::json_format;
  row_reader rows{path, format};
  if (!rows.is_open())
    return core::fail(std::string{"the file cannot be opened: "} + std::strerror(errno), path, "name another one");
  core::decode_options options;
  options.columns = &columns;
  if (format.header != nullptr) {
    const auto first = rows.next();
    auto header = first ? format.header->read(first->text, {}) : std::vector<std::string>{};
    if (!header)
      return core::fail(header.error().what, path, header.error().remedy);
    for (const auto& column : columns)
      if (std::find(header->begin(), header->end(), column.name) == header->end())
        return core::fail("the file has no column '" + column.name + "'", path,
                          core::did_you_mean(column.name, *header));
    options.header = *std::move(header);
  }
  const auto decoder = format.make_decoder(std::move(options));
  std::vector<std::uint64_t> lines;
  auto block = std::make_shared<core::raw_block>();
  const auto decode = [&]() -> core::result<void> {
    block->seal();
    core::batch b;
    b.raw = std::exchange(block, std::make_shared<core::raw_block>());
    decoder->decode(b);
    if (!b.rejected.empty()) {
      const auto& why = *std::min_element(b.rejected.begin(), b.rejected.end(),
                                          [](const auto& one, const auto& other) { return one.row < other.row; });
      return core::fail("a record cannot be read: " + why.reason, path + ":" + std::to_string(lines[why.row]),
                        "repair or remove it");
    }
    visit(b);
    lines.clear();
    return {};
  };
  while (const auto row = rows.next()) {
    block->append(static_cast<std::int64_t>(lines.size()), 0, nullptr, 0, row->text.data(), row->text.size());
    lines.push_back(row->line);
    if (lines.size() == rows_of_a_batch)
      if (auto read = decode(); !read)
        return read;
  }
  return lines.empty() ? core::result<void>{} : decode();
}

} // namespace weir::steps
