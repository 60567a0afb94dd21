//! Deterministic pseudo-randomness: every fact of a seeded organization is a pure function of the seed and the fact's
//! own coordinates, so that nothing has to be remembered and the same seed always gives the same world.

/// Mixes the seed with coordinates into 64 well-spread bits (the finalizer of SplitMix64, applied per part).
pub fn mix(seed: u64, parts: &[u64]) -> u64 {
    parts
        .iter()
        .fold(finalize(seed), |state, part| finalize(state ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
}

/// 64 bits of a text (FNV-1a), to use names as coordinates.
pub fn text(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A random-looking UUID (version 4) of some coordinates.
pub fn uuid(seed: u64, parts: &[u64]) -> String {
    let high = mix(seed, parts);
    let low = finalize(high ^ 0x75);
    let bits = (u128::from(high) << 64) | u128::from(low);
    let bits = (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    format_uuid(bits)
}

/// 128 bits in the usual grouping 8-4-4-4-12.
pub fn format_uuid(bits: u128) -> String {
    let part = |shift: u32, digits: u32| (bits >> shift) & ((1 << (digits * 4)) - 1);
    let (a, b, c, d, e) = (part(96, 8), part(80, 4), part(64, 4), part(48, 4), part(0, 12));
    format!("{a:08x}-{b:04x}-{c:04x}-{d:04x}-{e:012x}")
}

/// A stream of numbers from one starting point, for facts that take several draws.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64, parts: &[u64]) -> Self {
        Self(mix(seed, parts))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        finalize(self.0)
    }

    /// A number from `0` up to but not including `end`; 0 for an empty range.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or(0)
    }

    /// True `share` times in 1,000.
    pub fn permille(&mut self, share: u64) -> bool {
        self.below(1000) < share
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let index = self.below(from.len() as u64);
        from.get(index as usize)
    }

    /// `length` characters of `alphabet`.
    pub fn letters(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).filter_map(|_| self.pick(&alphabet).copied()).collect()
    }
}

fn finalize(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_coordinates_give_the_same_bits_and_others_do_not() {
        assert_eq!(mix(7, &[1, 2]), mix(7, &[1, 2]));
        assert_ne!(mix(7, &[1, 2]), mix(7, &[2, 1]));
        assert_ne!(mix(7, &[1, 2]), mix(8, &[1, 2]));
    }

    #[test]
    fn draws_spread_evenly() {
        let mut dice = Dice::new(1, &[]);
        let hits = (0..10_000).filter(|_| dice.permille(250)).count();
        assert!((2_300..2_700).contains(&hits), "{hits}");
    }
}
