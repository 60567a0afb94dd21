//! Who asks AWS for what pages show while somebody waits, and when that is not good any more.

use crate::{Caller, Portal, Readings, live::Asker};

impl Portal {
    /// Whoever asks for a reading of AWS; `None` is the portal itself.
    pub(crate) fn asker(&self, caller: Option<&Caller>) -> Asker<'_> {
        let person = caller.map(Caller::user_id);
        Asker { person, people: &self.0.readings.people, now: self.now() }
    }

    /// Something was changed in AWS, or may have been: what pages read before is not shown any more.
    pub(crate) fn forget_readings(&self) {
        let Readings { permissions: _, settings, regions, effective, invalid, people: _ } = &self.0.readings;
        settings.forget();
        regions.forget();
        effective.forget();
        invalid.forget();
    }
}
