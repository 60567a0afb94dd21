//! Choices where AWS's behaviour is not verified. Each is one constant, so that a better fact is one edit.

use crate::operator::{Operator, Operators};

/// Do names that differ only by case (`Daily` and `daily`) mean the same plan, rule or selection?
///
/// AWS's examples lower-case some names in effective backup policies and keep others; recordings used
/// lower-case names only. Names are kept as written and are different names; lint warns of such pairs
/// (spec 2.6, open point 1).
pub const NAMES_IGNORE_CASE: bool = false;

/// Which operators a container must still allow for a lower level to add a new key to it; one is enough.
///
/// AWS's published Example 4 shows that `@@append` is enough and Example 3 that `@@none` is not; nothing shows
/// whether `@@assign` alone is (spec 2.3, open point 2). Removing does not create.
pub const CREATES_KEYS: [Operator; 2] = [Operator::Assign, Operator::Append];

/// True if a container with this set lets lower levels add keys.
pub(crate) fn may_add_keys(allowed: Operators) -> bool {
    CREATES_KEYS.into_iter().any(|operator| allowed.allows(operator))
}
