//! Choices where AWS's behaviour is not verified. Each is one constant, so that a better fact is one edit.

pub use crate::operator::CREATES_KEYS;

/// Do names that differ only by case (`Daily` and `daily`) mean the same plan, rule or selection?
///
/// AWS's examples lower-case some names in effective backup policies and keep others; recordings used
/// lower-case names only. Names are kept as written and are different names; lint warns of such pairs
/// (spec 2.6, open point 1).
pub const NAMES_IGNORE_CASE: bool = false;

/// May the keys of the language, the operators and the values of the child control be written in capitals?
///
/// AWS was recorded to admit `PLANS`, `REGIONS`, `@@Assign` and
/// `@@Operators_Allowed_For_Child_Policies: ["@@None"]`. What it makes of them in an effective policy is not
/// recorded; here they mean the key as it is usually spelled, and lint advises to write that. Names the author
/// chooses, and keys that are written in capitals anyway (`GUARDDUTY`), are taken as they are.
pub const KEYS_IGNORE_CASE: bool = true;

/// True if `written` stands for the key, operator or control value `known`.
pub(crate) fn spells(known: &str, written: &str) -> bool {
    let folds = || KEYS_IGNORE_CASE && !known.bytes().any(|byte| byte.is_ascii_uppercase());
    known == written || (folds() && known.eq_ignore_ascii_case(written))
}

/// Are Regions of GovCloud and China refused beside an ARN of another partition?
///
/// AWS was seen to refuse codes it does not know, in a commercial organization; what it accepts in GovCloud and
/// China is not recorded (spec 1.3, open point 10). A document without any ARN may name any Region. Commercial
/// Regions beside an ARN of another partition are not refused, as the recorded forms of ARNs take every partition.
pub const REGIONS_FOLLOW_ARNS: bool = true;

/// Are the quotas that AWS Backup documents (5 copy actions, 10 recovery point tags, ...) errors of the effective
/// policy, like the limit of 10 rules?
///
/// Organizations was seen to enforce the limit on rules only (spec 1.7, open point 8). Lint warns of the others.
pub const QUOTAS_ARE_ERRORS: bool = false;
