#include "core/cluster/verbs/verbs.hpp"

namespace weir::core::verbs {

constexpr control_verb stop{"stop", "Finish what has been read, commit, and end", goal::stopped};

} // namespace weir::core::verbs
