//! What a token looks like: `hf_`, 192 random bits, and a checksum, so that a secret scanner knows one from what merely looks like it.

use model::team::TOKEN_PREFIX;
use sha2::{Digest, Sha256};

/// Bytes of randomness.
const RANDOM: usize = 24;
/// Hexadecimal digits of the random part.
const DIGITS: usize = 2 * RANDOM;
/// How many of the digits tell tokens apart on pages: 16 bits of 192.
const HINT: usize = 4;

/// A new token in its three forms.
pub struct Made {
    /// Shown once.
    pub token: String,
    /// Kept.
    pub hash: Vec<u8>,
    /// Shown from then on.
    pub hint: String,
}

pub fn make(random: &[u8; RANDOM]) -> Made {
    let random = hex::encode(random);
    let token = format!("{TOKEN_PREFIX}{random}{}", checksum(&random));
    Made { hash: Sha256::digest(&token).to_vec(), hint: token[..TOKEN_PREFIX.len() + HINT].to_owned(), token }
}

/// What a token is kept as; `None` where the text cannot be one, for which no database is asked.
pub fn hash_of(text: &str) -> Option<Vec<u8>> {
    let (random, sum) = text.strip_prefix(TOKEN_PREFIX)?.split_at_checked(DIGITS)?;
    (sum == checksum(random)).then(|| Sha256::digest(text).to_vec())
}

/// CRC-32 of the random digits, in eight hexadecimal digits.
fn checksum(random: &str) -> String {
    format!("{:08x}", crc32fast::hash(random.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_prefix_and_checksum() {
        let made = make(&[0xab; RANDOM]);
        assert_eq!(made.token, format!("hf_{}7b8a34f5", "ab".repeat(RANDOM)));
        assert_eq!(made.hint, "hf_abab");
        assert_eq!(hash_of(&made.token), Some(made.hash));
    }

    #[test]
    fn what_is_not_a_token_in_every_letter_is_none() {
        let Made { token, .. } = make(&[7; RANDOM]);
        for index in 0..token.len() {
            let mut other: Vec<char> = token.chars().collect();
            other[index] = if other[index] == '0' { '1' } else { '0' };
            assert_eq!(hash_of(&other.iter().collect::<String>()), None, "letter {index}");
        }
        for other in ["", "hf_", &token[1..], &token[..token.len() - 1], &format!("{token}0"), "hf_ä"] {
            assert_eq!(hash_of(other), None, "{other}");
        }
    }
}
