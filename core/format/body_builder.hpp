#pragma once

#include "core/batch/batch.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir::core {

/// Collects the bodies of a batch's records where they have to be written anew. They share one arena, which may move
/// while it grows: the views are made by finish().
class body_builder {
public:
  /// The arena, to which the body of `row` is appended next.
  std::string& next(row_index row) {
    rows_.push_back({row, arena_.size()});
    return arena_;
  }

  void reserve(std::size_t bytes, std::size_t rows) {
    arena_.reserve(bytes);
    rows_.reserve(rows);
  }

  /// Gives the bodies to `b` and starts anew.
  void finish(batch& b) {
    const auto arena = std::make_shared<const std::string>(std::move(arena_));
    auto end = arena->size();
    for (auto r = rows_.rbegin(); r != rows_.rend(); ++r) {
      b.body[r->row] = std::string_view{*arena}.substr(r->begin, end - r->begin);
      end = r->begin;
    }
    b.body_arena = arena;
    arena_.clear();
    rows_.clear();
  }

private:
  struct body {
    row_index row;
    std::size_t begin;
  };

  std::string arena_;
  std::vector<body> rows_;
};

} // namespace weir::core
