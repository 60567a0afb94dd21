//! What AWS refuses, in the log: once for each operation, Region and kind, until AWS says something else or an hour has
//! passed. What every operation has in common is logged once for all.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use model::failure::{CredentialsProblem, DeniedBy};
use tokio::time::Instant;

use crate::{
    error::{AwsError, AwsErrorKind},
    operation::Op,
};

/// After so long what AWS still says is logged again.
const AGAIN: Duration = Duration::from_secs(3600);

/// Operation, Region and kind.
type Subject = (Option<Op>, String, &'static str);

/// What was logged last of each subject, and when.
#[derive(Default)]
pub(crate) struct Complaints(Mutex<HashMap<Subject, (String, Instant)>>);

impl Complaints {
    /// Logs what AWS says, where that is new.
    pub(crate) fn log(&self, op: Op, region: &str, error: &AwsError) {
        if !self.is_news(op, region, &error.kind, Instant::now()) {
            return;
        }
        let (operation, kind) = (error.operation, error.kind.name());
        // As values, so that what others wrote stays on the line.
        let says = error.kind.to_string();
        let source = error.source.as_ref().map(ToString::to_string);
        let request_id = error.request_id.as_deref();
        tracing::warn!(operation, region, kind, says, source, request_id, "AWS refuses");
    }

    fn is_news(&self, op: Op, region: &str, kind: &AwsErrorKind, now: Instant) -> bool {
        use AwsErrorKind as K;
        let (op, region) = match kind {
            K::Credentials { problem: CredentialsProblem::RegionNotEnabled { .. }, .. } => (None, region),
            K::Credentials { .. } | K::Denied { by: DeniedBy::Outsider, .. } | K::NotInOrganization => {
                (None, "")
            }
            K::Denied { .. }
            | K::Blocked { .. }
            | K::Constraint { .. }
            | K::InvalidInput { .. }
            | K::ServerError { .. }
            | K::Unexpected { .. } => (Some(op), region),
            _ => return false,
        };
        let said = gist(&kind.to_string());
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (op, region.to_owned(), kind.name());
        let is_old = known.get(&key).is_some_and(|(before, at)| *before == said && now - *at < AGAIN);
        if !is_old {
            known.insert(key, (said, now));
        }
        !is_old
    }
}

/// A sentence without ids, ARNs and times: what it says of one account it says of all.
fn gist(said: &str) -> String {
    let words =
        said.split_whitespace().filter(|word| !word.contains(|c: char| c.is_ascii_digit() || c == '/'));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(by: DeniedBy, said: &str) -> AwsErrorKind {
        AwsErrorKind::Denied { action: "organizations:DescribePolicy", by, said: said.to_owned() }
    }

    #[test]
    fn what_aws_says_is_logged_once_until_it_changes_whatever_it_says_it_of() {
        let (complaints, now) = (Complaints::default(), Instant::now());
        let news = |op, region, kind: &AwsErrorKind, at| complaints.is_news(op, region, kind, at);
        let of = |policy: &str| {
            denied(DeniedBy::Unsaid, &format!("not authorized on resource: arn:aws:x:1:policy/{policy}"))
        };
        assert!(news(Op::DescribePolicy, "us-east-1", &of("p-1"), now));
        assert!(!news(Op::DescribePolicy, "us-east-1", &of("p-1"), now));
        assert!(!news(Op::DescribePolicy, "us-east-1", &of("p-2"), now), "the same of another policy");
        assert!(news(Op::ListRoots, "us-east-1", &of("p-1"), now), "another operation");
        assert!(news(Op::DescribePolicy, "eu-west-1", &of("p-1"), now), "another Region");
        let scp = denied(DeniedBy::Unsaid, "with an explicit deny in a service control policy");
        assert!(news(Op::DescribePolicy, "us-east-1", &scp, now), "it says something else");
        assert!(news(Op::DescribePolicy, "us-east-1", &scp, now + AGAIN), "an hour later");
        assert!(!news(Op::DescribePolicy, "us-east-1", &AwsErrorKind::Throttled, now));
    }

    #[test]
    fn what_all_operations_have_in_common_is_logged_once_for_all() {
        let (complaints, now) = (Complaints::default(), Instant::now());
        let outside = denied(DeniedBy::Outsider, "You don't have permissions to access this resource.");
        let expired =
            AwsErrorKind::Credentials { problem: CredentialsProblem::Expired, said: "It is expired.".into() };
        for kind in [outside, expired] {
            let logged = [Op::ListRoots, Op::ListAccounts, Op::DescribePolicy, Op::ListPolicies]
                .map(|op| complaints.is_news(op, "us-east-1", &kind, now));
            assert_eq!(logged, [true, false, false, false], "{kind}");
        }
    }
}
