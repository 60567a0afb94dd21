//! Signing in at an identity provider: begun, come back from, and what that lets somebody do.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{
    audit::{AuditAction, AuditDetail},
    change::Named,
    team::GivenGrant,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{
    Actor, Identity, Linked, NewAudit, NewRefreshToken, NewUser, ProviderSession, ProvisionedSignIn, User,
};
use time::{Duration, OffsetDateTime};

use super::{
    directory::{agrees, groups_of},
    exchange::{Arrival, ProviderAnswer, Secrets},
    file::{People, Provider},
    refusal::ProviderRefusal,
    token::{Claims, SKEW},
};
use crate::{
    Caller, Origin, Portal,
    people::{
        Visitor,
        links::{email_problem, token_hash},
    },
};

/// How long somebody may take at the provider.
const PENDING: Duration = Duration::minutes(10);
/// Names are cut there, as forms would refuse longer ones.
const LONGEST_NAME: usize = 100;

/// What somebody goes to a provider for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInPurpose {
    SignIn,
    /// To take an invitation, or a link that replaces what they signed in with: the token of the link.
    Join {
        token: String,
    },
    /// To show that whoever has the session is its owner: who they are there.
    Confirm {
        identity: Identity,
    },
}

/// A sign-in that is under way: kept with the browser's session, and taken out of it once.
#[derive(Clone, Serialize, Deserialize)]
pub struct PendingSignIn {
    provider: String,
    purpose: SignInPurpose,
    secrets: Secrets,
    /// A path of this site to go on to.
    pub next: String,
    begun_at: i64,
}

impl PendingSignIn {
    /// What it is for.
    #[must_use]
    pub const fn purpose(&self) -> &SignInPurpose {
        &self.purpose
    }
}

/// Somebody who came back from a provider and may pass.
#[derive(Clone, Debug)]
pub struct ProviderEntry {
    pub caller: Caller,
    /// To be kept with the session.
    pub session: ProviderSession,
    /// To be kept beside it; `None` where the provider gave none, or sessions are not refreshed.
    pub refresh_token: Option<NewRefreshToken>,
    /// When they last showed the provider a password or factor; `None` where it does not say.
    pub confirmed_at: Option<OffsetDateTime>,
}

impl Portal {
    /// Begins a sign-in at a provider: what to keep with the browser's session, and where to send the browser. `back` is
    /// where the provider sends it afterwards.
    ///
    /// # Errors
    /// Where there is no such provider, or it does not answer.
    pub async fn begin_at_provider(
        &self,
        name: &str,
        purpose: SignInPurpose,
        back: &str,
        next: String,
    ) -> Result<(PendingSignIn, String), ProviderRefusal> {
        let connection = self.0.providers.get(name).ok_or(ProviderRefusal::Unknown)?;
        let now = self.now();
        let metadata = connection.metadata(now).await.map_err(|_| ProviderRefusal::Away)?;
        let secret = || BASE64_URL_SAFE_NO_PAD.encode(self.random_bytes::<32>());
        let secrets = Secrets { state: secret(), nonce: secret(), verifier: secret() };
        let anew = matches!(purpose, SignInPurpose::Confirm { .. });
        let address = connection.address(&metadata, back, &secrets, anew)?;
        let begun_at = now.unix_timestamp();
        let pending = PendingSignIn { provider: name.to_owned(), purpose, secrets, next, begun_at };
        Ok((pending, address.into()))
    }

    /// Lets somebody in who came back from a provider. `pending` was taken out of their browser's session.
    ///
    /// # Errors
    /// The refusal, with nothing changed.
    pub async fn finish_at_provider(
        &self,
        name: &str,
        pending: PendingSignIn,
        answer: ProviderAnswer,
        back: &str,
        from: Visitor<'_>,
    ) -> Result<ProviderEntry, ProviderRefusal> {
        let connection = self.0.providers.get(name).ok_or(ProviderRefusal::Unknown)?;
        let now = self.now();
        let in_time = now.unix_timestamp() - pending.begun_at < PENDING.whole_seconds();
        // Of hashes, the time of a comparison tells nothing.
        let same_state = Sha256::digest(&pending.secrets.state) == Sha256::digest(&answer.state);
        if pending.provider != name || !in_time || !same_state {
            return Err(ProviderRefusal::NotPending);
        }
        let Arrival { claims, id_token, refresh_token } =
            connection.arrive(back, &pending.secrets, answer, now).await?;
        let begun_at = OffsetDateTime::from_unix_timestamp(pending.begun_at).unwrap_or(now);
        let entered = self.enter(&connection.provider, (&pending.purpose, begun_at), &claims, from).await;
        let user = match entered {
            Ok(user) => user,
            Err(refusal) => {
                self.note_refusal(&connection.provider, &claims, &refusal, from).await?;
                return Err(refusal);
            }
        };
        let refresh_token =
            self.new_refresh_token(connection, refresh_token, &pending.secrets.nonce, &claims).await?;
        let sealed = self.seal(&super::logout::sealed_name(&claims.identity), id_token.as_bytes()).await?;
        let session = ProviderSession {
            provider: name.to_owned(),
            issuer: claims.identity.issuer,
            subject: claims.identity.subject,
            sid: claims.sid,
            id_token: BASE64_URL_SAFE_NO_PAD.encode(sealed),
            ends_at: (now + connection.provider.session).unix_timestamp(),
        };
        let confirmed_at = claims.auth_time.map(|at| at.min(now));
        let caller = Caller::new(&user, Origin::default(), confirmed_at, now);
        Ok(ProviderEntry { caller, session, refresh_token, confirmed_at })
    }

    /// Lets in whom a provider vouches for. `asked` is when a confirmation was asked for.
    pub(super) async fn enter(
        &self,
        provider: &Provider,
        (purpose, asked): (&SignInPurpose, OffsetDateTime),
        claims: &Claims,
        from: Visitor<'_>,
    ) -> Result<User, ProviderRefusal> {
        let known = self.known_to_directory(provider, claims).await?;
        let mapped = provider.mapped(&groups_of(provider, claims, known.as_ref())?);
        let user = match purpose {
            SignInPurpose::SignIn => {
                self.known_or_new(provider, claims, known.as_ref(), &mapped, from).await?
            }
            SignInPurpose::Join { token } => {
                self.join_at_provider(provider, claims, (token, known.as_ref()), &mapped, from).await?
            }
            SignInPurpose::Confirm { identity } => {
                if claims.identity != *identity {
                    return Err(ProviderRefusal::SomebodyElse);
                }
                if claims.auth_time.is_none_or(|shown| shown < asked - SKEW) {
                    return Err(ProviderRefusal::NotAnew);
                }
                self.store().user_by_identity(identity).await?.ok_or(ProviderRefusal::NotInvited)?
            }
        };
        if user.disabled {
            return Err(ProviderRefusal::Disabled);
        }
        self.check_directory(provider, claims, known.as_ref(), &user).await?;
        self.map(provider, &user, &mapped, from).await?;
        self.note_at(provider, &user.email, from).await?;
        self.store().mark_signed_in(user.id, self.now()).await?;
        // With what the groups stand for now.
        let user = self.store().user_by_id(user.id).await?;
        user.filter(|user| !user.disabled).ok_or(ProviderRefusal::Disabled)
    }

    /// Whoever has the identity, or somebody new where the provider makes people.
    async fn known_or_new(
        &self,
        provider: &Provider,
        claims: &Claims,
        known: Option<&ProvisionedSignIn>,
        mapped: &[GivenGrant],
        from: Visitor<'_>,
    ) -> Result<User, ProviderRefusal> {
        if let Some(user) = self.store().user_by_identity(&claims.identity).await? {
            return Ok(user);
        }
        if let Some(known) = known {
            // Whom an administrator deleted stays out, until the directory removes them too.
            let user = known.user.ok_or(ProviderRefusal::NotInvited)?;
            return self.store().user_by_id(user).await?.ok_or(ProviderRefusal::NotInvited);
        }
        if provider.people != People::FirstSignIn {
            return Err(ProviderRefusal::NotInvited);
        }
        let email = claims.text("email").ok_or(ProviderRefusal::NoAddress)?.to_lowercase();
        if email_problem(&email).is_some() {
            return Err(ProviderRefusal::NoAddress);
        }
        if provider.verified_email && !claims.is_true("email_verified") {
            return Err(ProviderRefusal::Unverified);
        }
        let name = name_of(claims, &email);
        let event = NewAudit {
            subject: Named::new(&email, &name),
            detail: AuditDetail::Rights { before: Vec::new(), after: mapped.to_vec() },
            ..NewAudit::done(actor(&email, from), AuditAction::PersonCameByProvider)
        };
        let user = NewUser { email, name, password_hash: None, given: mapped.to_vec() };
        let made = self.store().create_user_with_identity(&user, &claims.identity, &event, self.now()).await;
        match made {
            Err(error) if error.constraint() == Some("users_email_key") => {
                // Of two first sign-ins of one person at once, the other was faster.
                let known = self.store().user_by_identity(&claims.identity).await?;
                known.ok_or(ProviderRefusal::AddressTaken)
            }
            made => {
                let user = self.store().user_by_id(made?).await?;
                user.ok_or(ProviderRefusal::Disabled)
            }
        }
    }

    /// Makes the identity the only way in of whoever a one-time link is for.
    async fn join_at_provider(
        &self,
        provider: &Provider,
        claims: &Claims,
        (token, known): (&str, Option<&ProvisionedSignIn>),
        mapped: &[GivenGrant],
        from: Visitor<'_>,
    ) -> Result<User, ProviderRefusal> {
        let (token, now) = (token_hash(token), self.now());
        let found = self.store().sign_in_link(&token, now).await?;
        let (user, _) = found.ok_or(ProviderRefusal::LinkUsed)?;
        agrees(provider, known, &user)?;
        let event = NewAudit {
            subject: Named::new(&user.email, &user.name),
            detail: AuditDetail::Text { text: format!("At {}.", provider.title) },
            ..NewAudit::done(actor(&user.email, from), AuditAction::ProviderLinked)
        };
        match self.store().link_identity(&token, &claims.identity, mapped, &event, now).await? {
            Linked::Done(id) => self.store().user_by_id(id).await?.ok_or(ProviderRefusal::LinkUsed),
            Linked::NoLink => Err(ProviderRefusal::LinkUsed),
            Linked::Taken => Err(ProviderRefusal::IdentityTaken),
            Linked::BreakGlass => Err(ProviderRefusal::BreakGlass),
        }
    }

    /// Puts what the groups stand for in the place of what they stood for.
    pub(super) async fn map(
        &self,
        provider: &Provider,
        user: &User,
        mapped: &[GivenGrant],
        from: Visitor<'_>,
    ) -> Result<(), ProviderRefusal> {
        let event = |before| NewAudit {
            subject: Named::new(&user.email, &user.name),
            detail: AuditDetail::Rights { before, after: mapped.to_vec() },
            ..NewAudit::done(actor(&user.email, from), AuditAction::GroupsMapped)
        };
        let name = &provider.name;
        Ok(self.store().map_grants(user.id, name, mapped, event, self.now()).await?)
    }

    async fn note_at(
        &self,
        provider: &Provider,
        email: &str,
        from: Visitor<'_>,
    ) -> Result<(), ProviderRefusal> {
        let event = NewAudit {
            detail: AuditDetail::Text { text: format!("At {}.", provider.title) },
            ..NewAudit::done(actor(email, from), AuditAction::SignIn)
        };
        self.store().append_audit(&event, self.now()).await?;
        Ok(())
    }

    /// Writes that somebody was refused whom the provider vouches for.
    pub(super) async fn note_refusal(
        &self,
        provider: &Provider,
        claims: &Claims,
        refusal: &ProviderRefusal,
        from: Visitor<'_>,
    ) -> Result<(), ProviderRefusal> {
        if matches!(refusal, ProviderRefusal::Portal(_)) {
            return Ok(());
        }
        tracing::info!(provider = provider.name, why = %refusal, "sign-in refused");
        let known = self.store().user_by_identity(&claims.identity).await?;
        let title = &provider.title;
        let person =
            known.map_or_else(|| format!("({title}: {})", claims.identity.subject), |user| user.email);
        Ok(self.store().refuse_sign_in(actor(&person, from), self.now()).await?)
    }
}

pub(super) fn actor(person: &str, from: Visitor<'_>) -> Actor {
    let person = person.chars().take(254).collect();
    Actor { person, session: String::new(), address: from.address.to_owned() }
}

fn name_of(claims: &Claims, email: &str) -> String {
    let said = claims.text("name").unwrap_or(email);
    let name: String = said.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    match model::text::PERSON.problem(&name) {
        None => name,
        Some(_) => email.chars().take(LONGEST_NAME).collect(),
    }
}
