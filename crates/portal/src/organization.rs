//! The organization: the frame around every page, the tree, one place in it, and the search that jumps anywhere.

use model::{
    TargetId, TargetKind,
    access::{Action, Resource},
    audit::{AuditAction, AuditDetail},
    organization::{AttachedPolicy, Jump, TargetDetail, Tree, TreeQuery},
    paths,
    session::{Frame, Freshness, OrganizationHead},
    text as texts,
};
use store::{NewAudit, SyncPart};

use crate::{Caller, Portal, PortalError, error::checked, off_reactor, sight::Sight, tree};

/// Hits of the jump search at most.
const HITS: usize = 20;

impl Portal {
    /// What every page shows around its content; for nobody, nothing but whether this is a simulation.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn frame(&self, caller: Option<&Caller>) -> Result<Frame, PortalError> {
        let nobody = Frame {
            me: None,
            organization: None,
            part: None,
            freshness: Freshness::default(),
            not_ready: Vec::new(),
            outsider: None,
            simulated: self.0.simulated,
        };
        let Some(caller) = caller else { return Ok(nobody) };
        if caller.must_set_up() {
            return Ok(Frame { me: Some(caller.me()), ..nobody });
        }
        self.may(caller, Action::Read, &Resource::Visible).await?;
        let sight = self.sight(caller).await?;
        let mut freshness = self.store().freshness(self.now()).await?;
        freshness.now = Some(self.now());
        // Where the organization is read now, what was found before does not count any more.
        let unread = freshness.organization_at.is_none() || freshness.problem.is_some();
        Ok(Frame {
            me: Some(caller.me()),
            organization: head(&sight),
            part: (!sight.is_whole()).then(|| sight.tops().map(|top| top.node.name.clone()).collect()),
            not_ready: self.not_ready(&sight).await?,
            freshness,
            outsider: self.outsider().filter(|_| unread),
            simulated: self.0.simulated,
        })
    }

    /// The tree, as far as the query opens it.
    ///
    /// # Errors
    /// Where the caller may not read, or the database fails.
    pub async fn tree(&self, caller: &Caller, query: &TreeQuery) -> Result<Tree, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        checked([texts::SEARCH.check("q", &query.q)])?;
        let (sight, query) = (self.sight(caller).await?, query.clone());
        off_reactor(move || tree::tree(&sight, &query)).await
    }

    /// One place with everything that applies there.
    ///
    /// # Errors
    /// Where there is no such place, the caller may not read, or the database fails.
    pub async fn target(&self, caller: &Caller, id: &TargetId) -> Result<TargetDetail, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        let sight = self.sight(caller).await?;
        let place = sight.place(id).ok_or(PortalError::NotFound { what: "root, OU or account" })?;
        let ancestors = sight.ancestors(place);
        let policies = sight.levels(place).flat_map(|level| {
            let attached = |id| AttachedPolicy {
                policy: sight.policy_ref(id),
                at: level.reference(),
                direct: level.node.id == place.node.id,
            };
            level.policies.iter().map(attached).collect::<Vec<_>>()
        });
        Ok(TargetDetail {
            policies: policies.collect(),
            ancestors: ancestors.iter().map(|a| a.reference()).collect(),
            node: place.node.clone(),
            accounts_below: place.accounts_below,
            ous_below: place.ous_below,
            seen_at: sight.seen_at(place),
        })
    }

    /// Accounts, OUs, policies, jobs and pages whose name or id holds the text; at most 20.
    ///
    /// # Errors
    /// Where the caller may not read, or the database fails.
    pub async fn jump(&self, caller: &Caller, text: &str) -> Result<Vec<Jump>, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        checked([texts::SEARCH.check("text", text)])?;
        let typed = text.trim();
        let text = typed.to_lowercase();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let sight = self.sight(caller).await?;
        let mut hits = pages(&text);
        hits.extend(policies(&sight, &text));
        hits.extend(places(&sight, &text));
        hits.truncate(HITS);
        if hits.is_empty() && text.len() >= 4 {
            hits.extend(self.jobs_by_id(&sight, typed).await?);
        }
        Ok(hits)
    }

    /// Asks AWS again now: for everything, or for jobs alone.
    ///
    /// # Errors
    /// Where the caller may not, or the audit entry cannot be written.
    pub async fn request_sync(&self, caller: &Caller, jobs_only: bool) -> Result<(), PortalError> {
        self.may(caller, Action::Sync, &Resource::Visible).await?;
        let text = if jobs_only { "New jobs only." } else { "" };
        let detail =
            if text.is_empty() { AuditDetail::Nothing } else { AuditDetail::Text { text: text.into() } };
        let event = NewAudit { detail, ..NewAudit::done(caller.actor(), AuditAction::SyncRequested) };
        self.store().append_audit(&event, self.now()).await?;
        if !jobs_only {
            self.0.sync.request(SyncPart::Organization);
        }
        self.0.sync.request(SyncPart::Jobs);
        Ok(())
    }
}

fn head(sight: &Sight) -> Option<OrganizationHead> {
    let facts = sight.facts()?;
    Some(OrganizationHead {
        id: facts.id.clone(),
        name: sight.organization_name().unwrap_or_else(|| facts.id.clone()),
        management_account_id: facts.management_account.to_string(),
    })
}

fn pages(text: &str) -> Vec<Jump> {
    const PAGES: [(&str, &str); 7] = [
        ("Overview", paths::OVERVIEW),
        ("Organization", paths::ORGANIZATION),
        ("Policies", paths::POLICIES),
        ("Create policy", paths::NEW_POLICY),
        ("Jobs", paths::JOBS),
        ("Settings", paths::SETTINGS),
        ("Audit", paths::AUDIT),
    ];
    let found = PAGES.into_iter().filter(|(title, _)| title.to_lowercase().contains(text));
    found
        .map(|(title, href)| Jump {
            kind: "Page".into(),
            title: title.into(),
            hint: href.into(),
            href: href.into(),
        })
        .collect()
}

fn policies(sight: &Sight, text: &str) -> Vec<Jump> {
    let found = sight.policies().map(|p| &p.stored.record).filter(|record| {
        record.name.to_lowercase().contains(text) || record.id.as_str().to_lowercase().contains(text)
    });
    found
        .take(HITS / 2)
        .map(|record| Jump {
            kind: "Policy".into(),
            title: record.name.clone(),
            hint: record.id.to_string(),
            href: paths::policy(&record.id),
        })
        .collect()
}

fn places(sight: &Sight, text: &str) -> Vec<Jump> {
    let found = sight.places().filter(|p| p.text.contains(text)).take(HITS);
    found
        .map(|place| Jump {
            kind: place.node.id.kind().word().into(),
            title: place.node.name.clone(),
            hint: if place.node.id.kind() == TargetKind::Account {
                place.node.id.to_string()
            } else {
                sight.ancestors(place).iter().map(|a| a.node.name.as_str()).collect::<Vec<_>>().join(" / ")
            },
            href: paths::target(&place.node.id),
        })
        .collect()
}
