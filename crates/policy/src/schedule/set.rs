//! Sets of field values, one bit each.

/// First year a schedule may name (AWS's documented bound).
pub const FIRST_YEAR: u16 = 1970;
/// Last year a schedule may name (AWS's documented bound).
pub const LAST_YEAR: u16 = 2199;

/// Numbers from 0 to 63: minutes, hours, days, months, weekdays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Set(u64);

impl Set {
    pub(super) fn range(first: u8, last: u8) -> Self {
        (first..=last).collect()
    }

    pub(super) fn insert(&mut self, value: u8) {
        self.0 |= 1u64.checked_shl(u32::from(value)).unwrap_or(0);
    }

    pub(super) fn contains(self, value: u8) -> bool {
        self.0.checked_shr(u32::from(value)).is_some_and(|rest| rest & 1 == 1)
    }

    pub(super) fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub(super) fn first(self) -> Option<u8> {
        self.at_or_after(0)
    }

    pub(super) fn at_or_after(self, value: u8) -> Option<u8> {
        let rest = self.0.checked_shr(u32::from(value)).filter(|rest| *rest != 0)?;
        u8::try_from(rest.trailing_zeros()).ok().map(|zeros| zeros + value)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = u8> {
        std::iter::successors(self.first(), move |value| self.at_or_after(value + 1))
    }
}

impl FromIterator<u8> for Set {
    fn from_iter<I: IntoIterator<Item = u8>>(values: I) -> Self {
        let mut set = Self::default();
        values.into_iter().for_each(|value| set.insert(value));
        set
    }
}

/// Years from [`FIRST_YEAR`] to [`LAST_YEAR`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Years([u64; 4]);

impl Years {
    pub(super) fn contains(self, year: u16) -> bool {
        let Some(bit) = year.checked_sub(FIRST_YEAR) else { return false };
        self.0.get(usize::from(bit / 64)).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = u16> {
        self.from(FIRST_YEAR)
    }

    pub(super) fn from(self, year: u16) -> impl Iterator<Item = u16> {
        (year.max(FIRST_YEAR)..=LAST_YEAR).filter(move |year| self.contains(*year))
    }
}

impl FromIterator<u16> for Years {
    fn from_iter<I: IntoIterator<Item = u16>>(years: I) -> Self {
        let mut words = [0u64; 4];
        for bit in years.into_iter().filter_map(|year| year.checked_sub(FIRST_YEAR)) {
            if let Some(word) = words.get_mut(usize::from(bit / 64)) {
                *word |= 1 << (bit % 64);
            }
        }
        Self(words)
    }
}
