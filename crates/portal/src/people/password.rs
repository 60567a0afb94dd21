//! Passwords: which are taken, and how they are kept.

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use zxcvbn::{Score, zxcvbn};

use crate::PortalError;

/// Shortest and longest password, in characters.
const PASSWORD: std::ops::RangeInclusive<usize> = 12..=128;
/// A hash that no password has: verifying against it takes the time that a real one takes.
pub(super) const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlz$Jqv4mIU0oGfWzyDCdVEdAnYYMDMfeyUhM0eXYmQ0ZQY";

/// What is wrong with a password. No rules of composition: length, and that guessing would take more than a hundred million
/// tries to one who knows what people choose.
pub(super) fn password_problem(password: &str, email: &str) -> Option<&'static str> {
    if !PASSWORD.contains(&password.chars().count()) {
        return Some("Use 12 to 128 characters. Spaces and any letters are fine.");
    }
    let own = email.split('@').next().unwrap_or_default();
    let guessed = zxcvbn(password, &[email, own, "holdfast"]);
    (guessed.score() < Score::Three).then_some(
        "This password is among the first that an attacker tries. Use a longer phrase of your own.",
    )
}

pub(super) fn hash(password: &str, salt: &SaltString) -> Result<String, PortalError> {
    let hash = Argon2::default().hash_password(password.as_bytes(), salt);
    Ok(hash.map_err(|e| PortalError::Internal(format!("hashing a password: {e}")))?.to_string())
}

pub(super) fn verify(hash: &str, password: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nobody_is_a_real_hash_with_todays_cost() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        let salt = SaltString::encode_b64(b"0123456789abcdef").unwrap();
        let today = hash("a password of today", &salt).unwrap();
        assert_eq!(parsed.params, PasswordHash::new(&today).unwrap().params);
        assert!(!verify(NOBODY, ""));
    }

    #[test]
    fn long_phrases_are_taken_and_common_passwords_refused() {
        let longest =
            "Regen fällt auf Zürich und niemand fragt, wohin das Wasser geht, wenn es durch die Gassen \
                       läuft und unter der Brücke verschwinde"
                .to_owned();
        assert_eq!(longest.chars().count(), 128);
        for good in ["correct horse battery", "Zürich im Regen 1987", "9f86d081884c7d65", &longest] {
            assert_eq!(password_problem(good, "a@b.c"), None, "{good}");
        }
        let too_long = format!("{longest}t");
        for bad in [
            "short",
            "passwordpassword",
            "aaaaaaaaaaaaaaaa",
            "Password1234567890",
            "qwertyuiop[]",
            "ada.lovelace2026",
            "holdfast2026!",
            &too_long,
        ] {
            assert!(password_problem(bad, "ada.lovelace@example.com").is_some(), "{bad}");
        }
    }
}
