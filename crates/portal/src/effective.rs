//! An account's effective policy: ours, with the origin of every value, beside what AWS answers.

use std::sync::Arc;

use aws::{AwsError, AwsErrorKind};
use model::{
    AccountId,
    access::{Action, Resource},
    failure::Missing,
    organization::{
        AwsEffective, Decision, EffectivePolicy, EffectiveProblem, EffectiveSetting, Lock, NextRun,
        Overridden, PolicyRef,
    },
};
use policy::{
    effective::{in_order_of, label, meaning, next_runs, same},
    merge::Merged,
    operator::Operators,
    provenance::{Act, Fate, Trace, traces},
    validate::EffectiveError,
};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::{
    Caller, Portal, PortalError,
    directory::{Place, PolicyEntry},
    error::aws_code,
    live::Freshness,
    sight::Sight,
};

/// Runs shown.
const RUNS: usize = 10;
/// AWS computes effective policies in its own time: so long after a change a difference may still be that.
const SETTLING: Duration = Duration::minutes(2);
/// A page waits for AWS's answer no longer than this: what Holdfast computed is worth reading without it.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

impl Portal {
    /// An account's effective policy, as we compute it. Waits for nobody.
    ///
    /// # Errors
    /// Where there is no such account, the caller may not read, or the database fails.
    pub async fn effective_policy(
        &self,
        caller: &Caller,
        account: &AccountId,
    ) -> Result<EffectivePolicy, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        let sight = self.sight(caller).await?;
        let place = account_in(&sight, account)?;
        let attached = sight.levels(place).map(|level| level.policies.len() as u64).sum();
        if place.unknown {
            return Ok(EffectivePolicy {
                account: place.reference(),
                settings: Vec::new(),
                content: String::new(),
                unread: unread(&sight, place),
                problems: Vec::new(),
                next_runs: Vec::new(),
                attached,
                shared_with: 0,
                seen_at: sight.seen_at(place),
            });
        }
        let merged = sight.exact(place);
        Ok(EffectivePolicy {
            account: place.reference(),
            unread: Vec::new(),
            settings: settings(&sight, &merged),
            content: pretty(&merged.to_json()),
            problems: place.outcome.errors.iter().map(|error| problem(&sight, error)).collect(),
            next_runs: next_runs(&merged, self.now(), RUNS).into_iter().map(run).collect(),
            attached,
            shared_with: sight.sharing(place).saturating_sub(1),
            seen_at: sight.seen_at(place),
        })
    }

    /// What AWS answers for an account now, compared with what we compute. Where AWS does not answer, the reason.
    ///
    /// # Errors
    /// Where there is no such account, the caller may not read, or the database fails.
    pub async fn aws_effective_policy(
        &self,
        caller: &Caller,
        account: &AccountId,
    ) -> Result<AwsEffective, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        // Asked only for accounts that there are: AWS allows few of these calls.
        account_in(&self.sight(caller).await?, account)?;
        let (aws, asker) = (self.aws().with_deadline(PATIENCE), self.asker(Some(caller)));
        let ask = async || Arc::new(aws.describe_effective_policy(account).await);
        let answer = self.0.readings.effective.get(account.clone(), asker, Freshness::LIVE, ask).await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(busy) => return Ok(AwsEffective::Failed { reason: busy.into_failure().explain().text }),
        };
        // Read anew: it may have changed while AWS thought.
        let sight = self.sight(caller).await?;
        let place = account_in(&sight, account)?;
        let (theirs, computed_at) = match &*answer {
            Ok(theirs) => (theirs.content.clone(), Some(theirs.computed_at)),
            Err(error) if has_none(&sight, error) => ("{}".to_owned(), None),
            Err(error) => return Ok(no_answer(&sight, error)),
        };
        let Ok(content) = serde_json::from_str::<Value>(&theirs) else {
            return Ok(AwsEffective::Failed { reason: "AWS's answer is not readable JSON.".into() });
        };
        if place.unknown {
            return Ok(AwsEffective::Alone { content: pretty(&content), computed_at });
        }
        let content = in_order_of(&sight.exact(place).to_json(), content);
        let comparison = Comparison::of(&sight, place, &content, self.now());
        let problems = match comparison {
            Comparison { same: true, invalid: false, .. } => Some(Vec::new()),
            // AWS allows few questions, so it is asked why only where something is odd.
            _ => {
                let ask = async || aws.effective_validation_errors(account).await.ok();
                self.0
                    .readings
                    .invalid
                    .get(account.clone(), asker, Freshness::LIVE, ask)
                    .await
                    .unwrap_or(None)
            }
        };
        Ok(comparison.verdict(computed_at, pretty(&content), problems))
    }
}

fn account_in<'a>(sight: &'a Sight, account: &AccountId) -> Result<&'a Place, PortalError> {
    sight.place(&account.clone().into()).ok_or(PortalError::NotFound { what: "account" })
}

/// The policies that apply at a place and whose texts nobody has read.
fn unread(sight: &Sight, place: &Place) -> Vec<PolicyRef> {
    let applied = sight.levels(place).flat_map(|level| &level.policies);
    let unknown = applied.filter(|id| sight.policy(id).is_some_and(PolicyEntry::is_unknown));
    unknown.map(|id| sight.policy_ref(id)).collect()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn run(due: policy::effective::NextRun) -> NextRun {
    NextRun { at: due.at, plan: due.plan.to_string(), rule: due.rule.to_string() }
}

fn problem(sight: &Sight, error: &EffectiveError) -> EffectiveProblem {
    EffectiveProblem {
        code: error.code.code().to_owned(),
        message: error.message.clone(),
        path: error.path.clone(),
        policies: error
            .contributing_policies
            .iter()
            .filter_map(|id| Some(sight.policy_ref(&id.parse().ok()?)))
            .collect(),
    }
}

/// Ours beside AWS's answer.
#[derive(Clone, Copy)]
struct Comparison {
    same: bool,
    /// We find ours invalid, or AWS did when it was last asked for all accounts.
    invalid: bool,
    /// AWS may still be computing.
    may_be_pending: bool,
}

impl Comparison {
    /// Compares as JSON, never as text: AWS's key order means nothing.
    fn of(sight: &Sight, place: &Place, theirs: &Value, now: OffsetDateTime) -> Self {
        let off = sight.policy_type() == Some(false);
        let ours = if off { serde_json::json!({}) } else { place.outcome.merged.to_json() };
        Self {
            same: same(theirs, &ours),
            invalid: place.is_invalid(),
            may_be_pending: youngest_change(sight, place).is_some_and(|at| now - at < SETTLING),
        }
    }

    /// What to say, with the reasons for which AWS finds it invalid; `None` where it did not tell, so that our own
    /// finding stands.
    fn verdict(
        self,
        computed_at: Option<OffsetDateTime>,
        content: String,
        problems: Option<Vec<EffectiveProblem>>,
    ) -> AwsEffective {
        let because_invalid = problems.as_ref().map_or(self.invalid, |problems| !problems.is_empty());
        if self.same && !because_invalid {
            return AwsEffective::Same { computed_at, though_invalid: self.invalid };
        }
        AwsEffective::Differs {
            content,
            computed_at,
            because_invalid,
            problems: problems.unwrap_or_default(),
            may_be_pending: self.may_be_pending,
        }
    }
}

/// Whether AWS says that the account has no effective policy, though the policy type is on: nothing applies to it.
fn has_none(sight: &Sight, error: &AwsError) -> bool {
    sight.policy_type() == Some(true) && error.kind == AwsErrorKind::NotFound(Missing::EffectivePolicy)
}

fn no_answer(sight: &Sight, error: &AwsError) -> AwsEffective {
    match error.kind {
        AwsErrorKind::NotAvailable => AwsEffective::NotAvailable,
        AwsErrorKind::NotFound(_) if sight.policy_type() != Some(true) => AwsEffective::TypeDisabled,
        _ => AwsEffective::Failed { reason: model::Failure::from(aws_code(error)).explain().text },
    }
}

/// When the youngest of the policies that apply here was changed, as far as we saw.
fn youngest_change(sight: &Sight, place: &Place) -> Option<OffsetDateTime> {
    let policies = sight.levels(place).flat_map(|level| &level.policies);
    policies.filter_map(|id| Some(sight.policy(id)?.stored.changed_at)).max()
}

/// Every value with who decided it, grouped by plan. Settings of which nothing remains are left out, unless somebody lost there.
fn settings(sight: &Sight, merged: &Merged) -> Vec<EffectiveSetting> {
    let lookup = Lookup { sight };
    traces(merged)
        .iter()
        .filter(|t| !t.values.is_empty() || t.list)
        .filter_map(|t| lookup.setting(merged, t))
        .collect()
}

/// Turns ids of the merge into names of the organization.
struct Lookup<'a> {
    sight: &'a Sight,
}

impl Lookup<'_> {
    fn setting(&self, merged: &Merged, trace: &Trace) -> Option<EffectiveSetting> {
        let values: Vec<String> = trace.values.iter().map(|v| v.value.clone()).collect();
        let with =
            |fates: &[Fate]| trace.steps.iter().filter(|s| fates.contains(&s.fate)).collect::<Vec<_>>();
        let lost = with(&[Fate::Overridden, Fate::Outranked, Fate::Forbidden]);
        Some(EffectiveSetting {
            path: trace.path.clone(),
            plan: trace.keys.segments().get(1).map(ToString::to_string).unwrap_or_default(),
            label: label(&trace.keys),
            meaning: meaning(&trace.keys, &values),
            decided_by: with(&[Fate::Stands]).into_iter().filter_map(|act| self.decision(act)).collect(),
            overrode: lost.into_iter().filter_map(|act| self.overridden(act)).collect(),
            locked: merged.get(&trace.keys)?.allowed() == Operators::NONE,
            values,
        })
    }

    fn decision(&self, act: &Act) -> Option<Decision> {
        let policy = self.sight.policy_ref(&act.who.policy.parse().ok()?);
        let at = self.sight.reference(&act.who.target.parse().ok()?)?;
        Some(Decision { policy, at, operator: act.operator.key().trim_start_matches("@@").to_owned() })
    }

    fn lock(&self, act: &Act) -> Option<Lock> {
        let by = act.by.as_ref()?;
        let policy = self.sight.policy_ref(&by.policy.parse().ok()?);
        Some(Lock { policy, at: self.sight.reference(&by.target.parse().ok()?)? })
    }

    fn overridden(&self, act: &Act) -> Option<Overridden> {
        Some(Overridden {
            by: self.decision(act)?,
            values: act.values.clone(),
            forbidden_by: (act.fate == Fate::Forbidden).then(|| self.lock(act)).flatten(),
        })
    }
}

#[cfg(test)]
mod tests {
    use model::access::Scope;

    use super::*;
    use crate::directory::{
        Directory,
        tests::{NOW, snapshot},
    };

    #[test]
    fn what_is_ignored_says_what_it_wanted_and_who_does_not_allow_it() {
        let mut snapshot = snapshot();
        let texts = [
            r#"{"plans":{"daily":{"regions":{"@@assign":["eu-west-1","us-east-1"],"@@operators_allowed_for_child_policies":["@@none"]}}}}"#,
            r#"{"plans":{"daily":{"regions":{"@@remove":["us-east-1"]}}}}"#,
        ];
        for (policy, text) in snapshot.policies.iter_mut().zip(texts) {
            text.clone_into(&mut policy.record.content);
        }
        let directory = Directory::build(snapshot, NOW).unwrap();
        let sight = Sight::new(Arc::new(directory), &Scope::All);
        let place = sight.place(&"444444444444".parse().unwrap()).unwrap();
        let found = settings(&sight, &sight.exact(place));
        let regions = found.iter().find(|setting| setting.path.ends_with("regions")).unwrap();
        assert_eq!(regions.values, ["eu-west-1", "us-east-1"]);
        let ignored = &regions.overrode[0];
        let lock = ignored.forbidden_by.as_ref().unwrap();
        assert_eq!(
            (ignored.by.operator.as_str(), ignored.values.as_slice()),
            ("remove", ["us-east-1".to_owned()].as_slice())
        );
        assert_eq!((lock.policy.id.as_str(), lock.at.name.as_str()), ("p-aaaaaaaa", "Production"));
    }

    #[test]
    fn what_aws_says_of_validity_counts_and_our_finding_only_where_it_says_nothing() {
        let at = Some(OffsetDateTime::UNIX_EPOCH);
        let problem = || EffectiveProblem {
            code: "E".into(),
            message: "m".into(),
            path: "p".into(),
            policies: Vec::new(),
        };
        let verdict = |same, invalid, problems| {
            Comparison { same, invalid, may_be_pending: false }.verdict(at, "{}".into(), problems)
        };
        let differs = |because_invalid, problems| AwsEffective::Differs {
            content: "{}".into(),
            computed_at: at,
            because_invalid,
            problems,
            may_be_pending: false,
        };
        let same = |though_invalid| AwsEffective::Same { computed_at: at, though_invalid };
        assert_eq!(verdict(true, false, Some(vec![])), same(false));
        assert_eq!(verdict(true, true, Some(vec![])), same(true));
        assert_eq!(verdict(true, true, None), differs(true, vec![]));
        assert_eq!(verdict(true, true, Some(vec![problem()])), differs(true, vec![problem()]));
        assert_eq!(verdict(false, true, Some(vec![])), differs(false, vec![]));
        assert_eq!(verdict(false, false, Some(vec![problem()])), differs(true, vec![problem()]));
        assert_eq!(verdict(false, false, None), differs(false, vec![]));
    }
}
