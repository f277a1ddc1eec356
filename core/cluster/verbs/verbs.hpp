#pragma once

#include "core/cluster/control_verb.hpp"

namespace weir::core::verbs {

// One line a verb, here and in the table of verbs.cpp.
extern const control_verb pause;
extern const control_verb resume;
extern const control_verb drain;
extern const control_verb stop;
extern const control_verb set;

} // namespace weir::core::verbs
