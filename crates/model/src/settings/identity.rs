//! Who Holdfast is at AWS, and what follows from it.

use serde::{Deserialize, Serialize};

use super::{delegation::Granted, setting::Setting};

/// Who Holdfast is at AWS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    Known {
        /// Twelve digits.
        account: String,
        /// Empty where the account is not known.
        name: String,
        /// The principal, as `arn:aws:sts::111122223333:assumed-role/Holdfast/holdfast`.
        arn: String,
        standing: Standing,
    },
    /// Why AWS did not tell.
    Unknown { reason: String },
}

/// What the account is in its organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Management,
    Member {
        /// The management account's id.
        management: String,
        /// Registered as a delegated administrator of AWS Backup; `None` where that could not be read.
        registered: Option<bool>,
        /// What the resource policy lets it do with backup policies.
        granted: Granted,
        /// Whether the resource policy lets it turn the policy type.
        turns_policy_type: bool,
    },
    /// The organization could not be read.
    Unknown,
}

impl Identity {
    /// Why a setting cannot be changed from this account, and from where it can; `None` where AWS may allow it.
    #[must_use]
    pub fn cannot_turn(&self, setting: Setting) -> Option<String> {
        match self {
            Self::Known { standing: Standing::Member { turns_policy_type: true, .. }, .. }
                if setting == Setting::PolicyType =>
            {
                None
            }
            _ => self.cannot_administer(),
        }
    }

    /// Why what only the management account may do cannot be done from this account.
    #[must_use]
    pub fn cannot_administer(&self) -> Option<String> {
        let Self::Known { account, standing: Standing::Member { management, .. }, .. } = self else {
            return None;
        };
        Some(format!(
            "Only the management account, {management}, may do this, and Holdfast speaks as {account}. Do it there with the AWS CLI or the console."
        ))
    }

    /// Whether Holdfast is known to speak as a member account.
    #[must_use]
    pub fn is_member(&self) -> bool {
        matches!(self, Self::Known { standing: Standing::Member { .. }, .. })
    }
}

impl Standing {
    /// What the account is, in a few words.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Management => "Management account",
            Self::Member { registered: Some(true), granted: Granted::All, .. } => {
                "Delegated administrator of AWS Backup and of backup policies"
            }
            Self::Member { registered: Some(true), .. } => "Delegated administrator of AWS Backup",
            Self::Member { granted: Granted::All | Granted::Part { .. }, .. } => {
                "Member account named in the resource policy"
            }
            Self::Member { registered: Some(false), .. } => "Member account without delegation",
            Self::Member { registered: None, .. } => "Member account",
            Self::Unknown => "Not known",
        }
    }

    /// What follows from it, sentence by sentence.
    #[must_use]
    pub fn consequences(&self) -> Vec<String> {
        let Self::Member { management, registered, granted, turns_policy_type } = self else {
            return match self {
                Self::Management => {
                    vec!["Every setting below can be changed from here, as far as IAM allows it.".to_owned()]
                }
                _ => vec![
                    "What can be changed from here is not known until the organization can be read."
                        .to_owned(),
                ],
            };
        };
        let jobs = match registered {
            Some(true) => "It sees the jobs of all accounts.",
            Some(false) => "It sees its own jobs only.",
            None => "Whether it sees the jobs of other accounts could not be read.",
        };
        let policies = match granted {
            Granted::All => "It manages backup policies.".to_owned(),
            Granted::Part { missing } => {
                format!("To manage backup policies it lacks {}.", missing.join(", "))
            }
            Granted::Nothing => "It may not manage backup policies.".to_owned(),
            Granted::Unknown => "Whether it may manage backup policies could not be read.".to_owned(),
        };
        let but = if *turns_policy_type { ", all but the policy type," } else { "" };
        let settings = format!(
            "The settings below{but} can be changed by the management account only: there, take the AWS CLI or the console of {management}, or give Holdfast a role in it."
        );
        vec![jobs.to_owned(), policies, settings]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaking_as(standing: Standing) -> Identity {
        Identity::Known { account: "222233334444".into(), name: String::new(), arn: String::new(), standing }
    }

    fn member(turns_policy_type: bool) -> Standing {
        Standing::Member {
            management: "111122223333".into(),
            registered: Some(true),
            granted: Granted::All,
            turns_policy_type,
        }
    }

    #[test]
    fn a_member_account_is_sent_to_the_management_account_and_nobody_else_is() {
        for row in Setting::table() {
            let told = speaking_as(member(false)).cannot_turn(row.setting).unwrap_or_default();
            assert!(told.contains("111122223333") && told.contains("222233334444"), "{told}");
            assert_eq!(speaking_as(Standing::Management).cannot_turn(row.setting), None);
            assert_eq!(speaking_as(Standing::Unknown).cannot_turn(row.setting), None);
        }
        let granted = speaking_as(member(true));
        assert_eq!(granted.cannot_turn(Setting::PolicyType), None);
        assert!(granted.cannot_turn(Setting::TrustedAccess).is_some());
    }

    #[test]
    fn what_a_member_lacks_is_named() {
        let standing = Standing::Member {
            management: "111122223333".into(),
            registered: Some(false),
            granted: Granted::Part { missing: vec!["organizations:AttachPolicy".into()] },
            turns_policy_type: false,
        };
        assert!(standing.consequences()[1].contains("organizations:AttachPolicy"));
        assert!(standing.consequences()[2].contains("111122223333"));
    }
}
