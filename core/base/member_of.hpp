#pragma once

namespace weir::core {

/// What a pointer to a member says: whose member it is, and its type.
template <class>
struct member_of;
template <class S, class V>
struct member_of<V S::*> {
  using settings = S;
  using value = V;
};

} // namespace weir::core
