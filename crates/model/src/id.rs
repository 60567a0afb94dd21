//! Ids as AWS writes them, checked once when they enter.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a text is not the id it should be. `Display` says what the id must look like.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is not {expected}")]
pub struct IdError {
    /// What was given, shortened to 80 characters.
    pub text: String,
    /// What it should have been, as a noun phrase with article.
    pub expected: &'static str,
}

impl IdError {
    pub(crate) fn new(text: &str, expected: &'static str) -> Self {
        Self { text: text.chars().take(80).collect(), expected }
    }
}

/// What a policy can be attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// The organization's root, `r-…`.
    Root,
    /// An organizational unit, `ou-…`.
    Ou,
    /// An account, twelve digits.
    Account,
}

impl TargetKind {
    /// The word that the AWS consoles use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Root => "Root",
            Self::Ou => "OU",
            Self::Account => "Account",
        }
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as AWS writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                if $check(text) { Ok(Self(text.to_owned())) } else { Err(IdError::new(text, $expected)) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// An AWS account: twelve digits.
    AccountId, "an account id (twelve digits)", is_account
);
text_id!(
    /// A policy of AWS Organizations: `p-` and 8 to 128 letters, digits or underscores.
    PolicyId, "a policy id (p- and at least 8 letters or digits)", is_policy
);
text_id!(
    /// Where a policy can be attached: a root (`r-…`), an OU (`ou-…-…`) or an account (twelve digits).
    TargetId, "a root, OU or account id", |t: &str| kind_of(t).is_some()
);

impl TargetId {
    /// Which of the three it is; read off the id itself.
    #[must_use]
    pub fn kind(&self) -> TargetKind {
        kind_of(&self.0).unwrap_or(TargetKind::Account)
    }

    /// The account id, if the target is an account.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        self.0.parse().ok()
    }
}

/// The target ids in a pasted list, each once, and the words in it that are none. Anything may stand between the ids.
#[must_use]
pub fn parse_target_list(text: &str) -> (Vec<TargetId>, Vec<String>) {
    let (mut ids, mut others) = (Vec::new(), Vec::new());
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\'' | '[' | ']'));
    for word in words.filter(|word| !word.is_empty()) {
        match word.parse::<TargetId>() {
            Ok(id) if ids.contains(&id) => {}
            Ok(id) => ids.push(id),
            Err(_) => others.push(word.to_owned()),
        }
    }
    (ids, others)
}

impl From<AccountId> for TargetId {
    fn from(id: AccountId) -> Self {
        Self(id.0)
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_policy(text: &str) -> bool {
    text.strip_prefix("p-").is_some_and(|rest| {
        (8..=128).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

fn lower_alnum(text: &str, least: usize) -> bool {
    (least..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
}

fn kind_of(text: &str) -> Option<TargetKind> {
    if is_account(text) {
        return Some(TargetKind::Account);
    }
    if let Some(rest) = text.strip_prefix("r-") {
        return lower_alnum(rest, 4).then_some(TargetKind::Root);
    }
    let (root, own) = text.strip_prefix("ou-")?.split_once('-')?;
    (lower_alnum(root, 4) && lower_alnum(own, 8)).then_some(TargetKind::Ou)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_target_is_read_off_its_id() {
        for (text, kind) in [
            ("r-ab12", Some(TargetKind::Root)),
            ("ou-ab12-cdefgh34", Some(TargetKind::Ou)),
            ("123456789012", Some(TargetKind::Account)),
            ("12345678901", None),
            ("ou-ab12", None),
            ("r-AB12", None),
            ("p-12345678", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<TargetId>().ok().map(|t| t.kind()), kind, "{text}");
        }
    }

    #[test]
    fn a_wrong_id_is_refused_when_it_enters_as_json() {
        assert!(serde_json::from_str::<PolicyId>("\"p-abcdefgh\"").is_ok());
        assert!(serde_json::from_str::<PolicyId>("\"../../etc\"").is_err());
    }

    #[test]
    fn a_pasted_list_is_read_whatever_stands_between() {
        let (ids, others) = parse_target_list(
            "111111111111, \"ou-ab12-cdefgh34\";\n111111111111\r\n  r-ab12 [nonsense] 12345",
        );
        assert_eq!(
            ids.iter().map(TargetId::as_str).collect::<Vec<_>>(),
            ["111111111111", "ou-ab12-cdefgh34", "r-ab12"]
        );
        assert_eq!(others, ["nonsense", "12345"]);
        assert_eq!(parse_target_list(" \n"), (vec![], vec![]));
    }
}
