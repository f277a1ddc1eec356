#include "core/commit/marker.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

const marker written{partition_id{3}, epoch{7}, offset{1234}, "n1"};

TEST(marker_test, is_read_as_it_was_written) {
  const auto read = marker::decode(written.encode());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->partition, written.partition);
  EXPECT_EQ(read->at, written.at);
  EXPECT_EQ(read->next, written.next);
  EXPECT_EQ(read->node, written.node);
}

TEST(marker_test, refuses_bytes_that_end_too_early_or_are_of_another_version) {
  const auto bytes = written.encode();
  for (std::size_t size = 0; size < bytes.size() - written.node.size(); ++size)
    EXPECT_FALSE(marker::decode(bytes.substr(0, size))) << size;
  auto other = bytes;
  ++other.front();
  EXPECT_FALSE(marker::decode(other));
}

} // namespace
} // namespace weir::core
