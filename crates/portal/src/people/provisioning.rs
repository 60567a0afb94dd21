//! What directories tell of people and groups (SCIM 2.0, RFC 7643 and 7644): who comes, changes and goes.

mod filter;
mod patch;
mod refusal;
mod resource;
mod schema;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{
    audit::{AuditAction, AuditDetail, AuditOutcome},
    change::Named,
    team::{GivenGrant, LAST_ADMINISTRATOR},
};
use serde_json::{Map, Value};
use store::{Actor, NewAudit, NotProvisioned, ProvisionedRange, ProvisioningDirectory};

use super::{Visitor, limits::Try, providers::Provider};
use crate::Portal;
use resource::Kept;

pub use patch::PatchRequest;
pub use refusal::ProvisioningRefusal;
pub use resource::{ProvisionedResource, etag, project};
pub use schema::ResourceKind;

/// A change that others overtook is tried again so often.
const TRIES: usize = 10;
/// Resources on a page of a list, where nothing is said, and at most.
const COUNT: i64 = 100;
/// Resources on a page of a list, at most.
pub const MOST_RESOURCES: i64 = 200;

/// A directory that has shown its token.
#[derive(Clone, Debug)]
pub struct ProvisioningClient {
    provider: String,
    actor: Actor,
    /// The address that its resources lie below.
    base: String,
}

/// What part of a list is asked for.
#[derive(Clone, Debug, Default)]
pub struct ResourceQuery {
    /// As RFC 7644, 3.4.2.2 has it; empty for all.
    pub filter: String,
    /// The first of the page, from 1 on.
    pub start: Option<i64>,
    pub count: Option<i64>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourcePage {
    /// Of all that the filter leaves.
    pub total: i64,
    pub start: i64,
    pub resources: Vec<ProvisionedResource>,
}

impl Portal {
    /// The directory that a token is of. `base` is the address that its resources lie below. Wrong tokens count as attempts
    /// of their address; a right one is taken from anywhere.
    ///
    /// # Errors
    /// The refusal.
    pub async fn provisioning_client(
        &self,
        token: Option<&str>,
        base: &str,
        from: Visitor<'_>,
    ) -> Result<ProvisioningClient, ProvisioningRefusal> {
        if let Some(provider) = token.and_then(|token| self.0.providers.of_directory(token)) {
            let actor = actor(&format!("{} (directory)", provider.title), from);
            return Ok(ProvisioningClient { provider: provider.name.clone(), actor, base: base.to_owned() });
        }
        if self.attempt(&Try::Welcome, from).await?.is_none() {
            return Err(ProvisioningRefusal::Limited);
        }
        self.store().refuse_sign_in(actor("(unknown directory)", from), self.now()).await?;
        Err(ProvisioningRefusal::Token)
    }

    /// Whether a directory can tell of this kind of resource.
    #[must_use]
    pub fn provisions(&self, client: &ProvisioningClient, kind: ResourceKind) -> bool {
        let groups = self.0.providers.provider(&client.provider).and_then(|p| p.scim.as_ref()?.group_key);
        kind == ResourceKind::User || groups.is_some()
    }

    /// A page of what a directory told.
    ///
    /// # Errors
    /// The refusal.
    pub async fn provisioned_resources(
        &self,
        client: &ProvisioningClient,
        kind: ResourceKind,
        query: &ResourceQuery,
    ) -> Result<ResourcePage, ProvisioningRefusal> {
        let provider = self.provider_of(client, kind)?;
        let filter = match query.filter.trim() {
            "" => None,
            text => Some(filter::compile(kind, &filter::parse(text)?, &client.base)?),
        };
        let start = query.start.unwrap_or(1).max(1);
        let count = query.count.unwrap_or(COUNT).clamp(0, MOST_RESOURCES);
        let range = ProvisionedRange { skip: start - 1, count };
        let (issuer, filter) = (provider.issuer.as_str(), filter.as_ref());
        let (total, kept): (i64, Vec<Kept>) = match kind {
            ResourceKind::User => {
                let page = self.store().provisioned_people(issuer, filter, range).await?;
                (page.total, page.resources.into_iter().map(Kept::Person).collect())
            }
            ResourceKind::Group => {
                let page = self.store().provisioned_groups(issuer, filter, range).await?;
                (page.total, page.resources.into_iter().map(Kept::Group).collect())
            }
        };
        let resources = kept.iter().map(|kept| kept.shown(kind, &client.base)).collect();
        Ok(ResourcePage { total, start, resources })
    }

    /// One of them.
    ///
    /// # Errors
    /// The refusal.
    pub async fn provisioned_resource(
        &self,
        client: &ProvisioningClient,
        kind: ResourceKind,
        id: &str,
    ) -> Result<ProvisionedResource, ProvisioningRefusal> {
        let provider = self.provider_of(client, kind)?;
        Ok(self.kept_one(provider, kind, id).await?.shown(kind, &client.base))
    }

    /// Adds somebody, or a group.
    ///
    /// # Errors
    /// The refusal.
    pub async fn provision(
        &self,
        client: &ProvisioningClient,
        kind: ResourceKind,
        resource: &Value,
    ) -> Result<ProvisionedResource, ProvisioningRefusal> {
        let provider = self.provider_of(client, kind)?;
        let said = kind.read(resource)?;
        let id = BASE64_URL_SAFE_NO_PAD.encode(self.random_bytes::<16>());
        let put = self.put(client, provider, (kind, &id), None, said, true).await?;
        put.map_err(|not| refusal(kind, not))
    }

    /// Puts what a directory says now in the place of what it said. Whether somebody is active stays where it does not say.
    /// `expected` is the version that it must have.
    ///
    /// # Errors
    /// The refusal.
    pub async fn replace_provisioned(
        &self,
        client: &ProvisioningClient,
        (kind, id): (ResourceKind, &str),
        expected: Option<i64>,
        resource: &Value,
    ) -> Result<ProvisionedResource, ProvisioningRefusal> {
        let said = kind.read(resource)?;
        self.change_provisioned(client, (kind, id), expected, |_| Ok(said.clone())).await
    }

    /// Changes parts of what a directory said: all that it asks for, or nothing.
    ///
    /// # Errors
    /// The refusal.
    pub async fn patch_provisioned(
        &self,
        client: &ProvisioningClient,
        (kind, id): (ResourceKind, &str),
        expected: Option<i64>,
        request: &PatchRequest,
    ) -> Result<ProvisionedResource, ProvisioningRefusal> {
        self.change_provisioned(client, (kind, id), expected, |kept| {
            let mut said = kept.said();
            patch::patch(kind, &mut said, request)?;
            kind.read(&Value::Object(said))
        })
        .await
    }

    /// Removes somebody with all that is theirs, or a group with what it stood for.
    ///
    /// # Errors
    /// The refusal.
    pub async fn remove_provisioned(
        &self,
        client: &ProvisioningClient,
        (kind, id): (ResourceKind, &str),
        expected: Option<i64>,
    ) -> Result<(), ProvisioningRefusal> {
        let provider = self.provider_of(client, kind)?;
        can_be(id)?;
        let map = |groups: &[String]| provider.mapped(groups);
        let directory = directory(client, provider, &map)?;
        let (store, now) = (self.store(), self.now());
        let removed = match kind {
            ResourceKind::User => store.remove_provisioned_person(&directory, id, expected, now).await?,
            ResourceKind::Group => store.remove_provisioned_group(&directory, id, expected, now).await?,
        };
        match removed {
            Err(NotProvisioned::StillNeeded) => Err(self.still_needed(client, kind, id).await?),
            removed => removed.map_err(|not| refusal(kind, not)),
        }
    }

    /// Changes what was read, unless others did meanwhile: then again from what they left.
    async fn change_provisioned(
        &self,
        client: &ProvisioningClient,
        (kind, id): (ResourceKind, &str),
        expected: Option<i64>,
        change: impl Fn(&Kept) -> Result<Map<String, Value>, ProvisioningRefusal>,
    ) -> Result<ProvisionedResource, ProvisioningRefusal> {
        let provider = self.provider_of(client, kind)?;
        for _ in 0..TRIES {
            let kept = self.kept_one(provider, kind, id).await?;
            let version = kept.version();
            if expected.is_some_and(|expected| expected != version) {
                return Err(ProvisioningRefusal::Stale);
            }
            let active = matches!(&kept, Kept::Person(person) if person.active);
            let put = self.put(client, provider, (kind, id), Some(version), change(&kept)?, active).await?;
            match put {
                Err(NotProvisioned::Stale) => (),
                put => return put.map_err(|not| refusal(kind, not)),
            }
        }
        Err(ProvisioningRefusal::Stale)
    }

    /// Writes a resource down; `before` is the version that was read.
    async fn put(
        &self,
        client: &ProvisioningClient,
        provider: &Provider,
        (kind, id): (ResourceKind, &str),
        before: Option<i64>,
        said: Map<String, Value>,
        active: bool,
    ) -> Result<Result<ProvisionedResource, NotProvisioned>, ProvisioningRefusal> {
        let map = |groups: &[String]| provider.mapped(groups);
        let directory = directory(client, provider, &map)?;
        let (store, now) = (self.store(), self.now());
        let put = match kind {
            ResourceKind::User => {
                let person = resource::person(id.to_owned(), said, active)?;
                store.put_provisioned_person(&directory, before, &person, now).await?.map(Kept::Person)
            }
            ResourceKind::Group => {
                let group = resource::group(id.to_owned(), said);
                store.put_provisioned_group(&directory, before, &group, now).await?.map(Kept::Group)
            }
        };
        if matches!(put, Err(NotProvisioned::StillNeeded)) {
            return Err(self.still_needed(client, kind, id).await?);
        }
        Ok(put.map(|kept| kept.shown(kind, &client.base)))
    }

    /// Writes down that the last administrator stays.
    async fn still_needed(
        &self,
        client: &ProvisioningClient,
        kind: ResourceKind,
        id: &str,
    ) -> Result<ProvisioningRefusal, ProvisioningRefusal> {
        let action = match kind {
            ResourceKind::User => AuditAction::DirectoryPersonChanged,
            ResourceKind::Group => AuditAction::DirectoryGroupChanged,
        };
        let event = NewAudit {
            subject: Named::new(id, ""),
            outcome: AuditOutcome::Failed,
            detail: AuditDetail::Text { text: LAST_ADMINISTRATOR.to_owned() },
            ..NewAudit::done(client.actor.clone(), action)
        };
        self.store().append_audit(&event, self.now()).await?;
        Ok(ProvisioningRefusal::StillNeeded)
    }

    async fn kept_one(
        &self,
        provider: &Provider,
        kind: ResourceKind,
        id: &str,
    ) -> Result<Kept, ProvisioningRefusal> {
        can_be(id)?;
        let issuer = provider.issuer.as_str();
        let found = match kind {
            ResourceKind::User => self.store().provisioned_person(issuer, id).await?.map(Kept::Person),
            ResourceKind::Group => self.store().provisioned_group(issuer, id).await?.map(Kept::Group),
        };
        found.ok_or(ProvisioningRefusal::NotFound)
    }

    fn provider_of(
        &self,
        client: &ProvisioningClient,
        kind: ResourceKind,
    ) -> Result<&Provider, ProvisioningRefusal> {
        let provider = self.0.providers.provider(&client.provider).ok_or(ProvisioningRefusal::Token)?;
        if self.provisions(client, kind) { Ok(provider) } else { Err(ProvisioningRefusal::NotFound) }
    }
}

/// Refuses what is no id: the database takes no such text.
fn can_be(id: &str) -> Result<(), ProvisioningRefusal> {
    if id.contains('\0') { Err(ProvisioningRefusal::NotFound) } else { Ok(()) }
}

fn directory<'a>(
    client: &'a ProvisioningClient,
    provider: &'a Provider,
    map: &'a (dyn Fn(&[String]) -> Vec<GivenGrant> + Send + Sync),
) -> Result<ProvisioningDirectory<'a>, ProvisioningRefusal> {
    let directory = provider.directory(client.actor.clone(), map);
    directory.ok_or(ProvisioningRefusal::Token)
}

fn refusal(kind: ResourceKind, not: NotProvisioned) -> ProvisioningRefusal {
    match not {
        NotProvisioned::Gone => ProvisioningRefusal::NotFound,
        NotProvisioned::Stale => ProvisioningRefusal::Stale,
        NotProvisioned::Taken("emails") => ProvisioningRefusal::Taken(
            "Somebody who is not of this directory has this address. An administrator of Holdfast can help."
                .into(),
        ),
        NotProvisioned::Taken(attribute) => {
            ProvisioningRefusal::Taken(format!("Another {} has this {attribute}.", kind.name()))
        }
        NotProvisioned::UnknownMember => {
            ProvisioningRefusal::value("members names somebody who is not there.")
        }
        NotProvisioned::StillNeeded => ProvisioningRefusal::StillNeeded,
    }
}

fn actor(person: &str, from: Visitor<'_>) -> Actor {
    Actor { person: person.to_owned(), session: String::new(), address: from.address.to_owned() }
}

#[cfg(test)]
mod tests;
