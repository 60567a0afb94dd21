//! The organization's switches: always asked live, changed with the consequence spelled out.

pub(crate) mod answers;
mod attachments;
pub(crate) mod delegation;
pub(crate) mod features;
mod identity;
mod opt_in;
mod read;
mod ready;
mod switches;

use model::{
    access::{Action, Resource},
    change::{StepKind, TurnSetting},
    settings::{Setting, Settings},
    text,
};
use read::unread;

pub(crate) use switches::global_of;

use crate::{Caller, Portal, PortalError, error::checked};

/// What must be typed to turn off what other things depend on. Any case will do.
const CONFIRMATION: &str = "confirm";

impl Portal {
    /// How every switch stands, asked from AWS now. A switch that cannot be read says so in its row.
    ///
    /// # Errors
    /// Where the caller may not read, or the database fails.
    pub async fn settings(&self, caller: &Caller) -> Result<Settings, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        self.read_settings(caller).await
    }

    /// Turns a switch on or off. What turning it off destroys is exported before: `shown` names the list of attachments
    /// that the confirmation was given for.
    ///
    /// # Errors
    /// `Invalid` for a missing confirmation; else where the caller may not, or AWS refuses.
    pub async fn change_setting(
        &self,
        caller: &Caller,
        setting: Setting,
        on: bool,
        confirmation: &str,
        shown: &str,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::ChangeSettings, &Resource::Visible).await?;
        checked([text::TOKEN.check("shown", shown)])?;
        let text = setting.text();
        if !text.turns(on) {
            return Err(not_from_here());
        }
        if !on && text.typed_confirmation && !confirmation.trim().eq_ignore_ascii_case(CONFIRMATION) {
            return Err(PortalError::field("confirmation", format!("Type {CONFIRMATION} to turn this off.")));
        }
        let shown = shown.to_owned();
        let turn = TurnSetting { setting, on, shown, export: None, lost: 0, root: None };
        let title = format!("Turn {} {}", if on { "on" } else { "off" }, text.title);
        let step = self.plan(caller, StepKind::TurnSetting(turn), &*self.unscoped_directory().await?).await?;
        self.change_one(title, step).await.map(drop)
    }
}

/// For what has no switch.
pub(crate) fn not_from_here() -> PortalError {
    PortalError::field("setting", "This cannot be switched from here.")
}
