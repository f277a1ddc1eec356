#include "actors/restorer.hpp"

namespace weir::actors {

restorer_actor::behavior_type restorer(restorer_actor::stateful_pointer<restorer_state> self,
                                       std::shared_ptr<io::committed_states> states, consumer_actor consumer,
                                       restorer_options options) {
  return {
      [=](restore_atom, std::uint64_t number, const partition_list& partitions) {
        if (number == *options.newest)
          self->send(consumer, restored_atom_v, number,
                     std::make_shared<restored_states::element_type>(states->restore(*partitions, options.timeout)));
      },
  };
}

} // namespace weir::actors
