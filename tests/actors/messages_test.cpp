#include "actor_fixture.hpp"
#include "fake_io.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

namespace weir::actors {
namespace {

class messages_test : public test::actor_fixture {
protected:
  /// What the other node would get.
  template <class T>
  T across(const T& sent) {
    std::vector<char> bytes;
    caf::binary_serializer out{system, bytes};
    EXPECT_FALSE(out(caf::message{caf::make_message(sent)}));
    caf::message got;
    caf::binary_deserializer in{system, bytes};
    EXPECT_FALSE(in(got));
    EXPECT_EQ(got.size(), 1u);
    return got.get_as<T>(0);
  }
};

// What the comment in actors/messages.hpp warns of.
TEST_F(messages_test, that_stay_on_their_node_would_arrive_empty_at_another) {
  auto b = std::make_shared<core::batch>();
  b->raw = test::block_of(0, {"x"});
  EXPECT_FALSE(across(lane_item{7, b, nullptr}).batch);
  EXPECT_FALSE(across(raw_work{7, b->raw, 1, {}, nullptr}).raw);
  EXPECT_FALSE(across(batch_work{b, {}, nullptr}).batch);
  EXPECT_FALSE(across(lane_starts{std::make_shared<std::vector<lane_start>>()}));
  EXPECT_FALSE(across(model_set_ptr{std::make_shared<config::model_set>(
      std::vector<models::model_slot>{}, std::vector<models::contest::options>{}, core::model_choice{})}));
  EXPECT_EQ(across(core::model_choice{7, {}}).number, 0u);
  EXPECT_EQ(across(core::model_answer{7, {}}).number, 0u);
  EXPECT_EQ(across(core::model_wish{7, {}, false}).id, 0u);
  EXPECT_EQ(across(loaded_models{{7, {}}, nullptr, {}}).choice.number, 0u);
  EXPECT_FALSE(across(output_set_ptr{std::make_shared<io::output_set>()}));
}

} // namespace
} // namespace weir::actors
