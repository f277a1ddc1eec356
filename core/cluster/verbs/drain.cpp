#include "core/cluster/verbs/verbs.hpp"

namespace weir::core::verbs {

constexpr control_verb drain{"drain", "Finish what has been read, commit, and let go of the source; the processes stay",
                             goal::drained};

} // namespace weir::core::verbs
