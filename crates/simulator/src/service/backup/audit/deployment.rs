//! Report plans and frameworks take one change at a time.

use crate::wire::answer::AwsError;
use crate::world::backup::deployment::Deployment;
use time::OffsetDateTime;

/// Refuses a change while another one is under way.
pub fn settled(deployment: Deployment, now: OffsetDateTime) -> Result<(), AwsError> {
    if !deployment.is_running(now) {
        return Ok(());
    }
    let message = "A previous action on this resource has not finished yet. Try again later.";
    Err(AwsError::new("ConflictException", message).with("Code", "ERROR_2602"))
}
