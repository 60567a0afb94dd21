//! Directories and identity providers of others: a tester of SCIM that reads RFC 7643 and 7644 for itself, and another
//! provider of OpenID Connect.

use std::{fs, process::Command};

use anyhow::Result;
use serde_json::json;

use super::{
    environment::{Environment, OIDC, SCIM},
    portals::folder,
    start::{Server, free_port, holdfast, verify},
};
use crate::{demo::Running, progress::Progress, provision::POSTGRES, workspace::Workspace};

const TOKEN: &str = "ZGlyZWN0b3J5IHRva2VuIG51bWJlciBvbmU";

/// Every check of the tester, beside those that `scim.py` names with the reason.
pub fn scim(workspace: &Workspace, progress: Progress) -> Result<()> {
    POSTGRES.provide(progress)?;
    let python = Environment::provide(workspace, progress, &SCIM)?;
    let binary = holdfast(workspace, progress)?;
    let folder = folder()?;
    let file = |name: &str, text: &str| -> Result<String> {
        let path = folder.path().join(name);
        fs::write(&path, text)?;
        Ok(path.display().to_string())
    };
    let token = file("token", TOKEN)?;
    // Nobody signs in at it: only its directory speaks.
    let providers = format!(
        "[[provider]]\nname = \"corp\"\ntitle = \"Corp\"\nissuer = \"http://127.0.0.1:9\"\nclient_id = \"holdfast\"\n\
         client_secret_file = \"{token}\"\npeople = \"directory\"\n[provider.scim]\ntoken_file = \"{token}\"\n"
    );
    let providers = file("providers.toml", &providers)?;
    let arguments = ["--providers-file", providers.as_str()];
    let portal = progress
        .step("Start a portal with a directory", |_| Running::start(&binary, folder.path(), &arguments))?;
    let mut check = python.script(workspace, "scim.py");
    verify(check.arg(TOKEN), Some(&portal.ready), "the portal is not what RFC 7643 and 7644 say")
}

/// People go to a provider of another make than the one of the browser tests, and come back.
pub fn provider(workspace: &Workspace, progress: Progress) -> Result<()> {
    POSTGRES.provide(progress)?;
    let python = Environment::provide(workspace, progress, &OIDC)?;
    let binary = holdfast(workspace, progress)?;
    let folder = folder()?;
    let port = free_port()?;
    let mut command = Command::new(python.program("oidc-provider-mock"));
    command.args(["--port", &port.to_string(), "--require-nonce", "true"]);
    for (subject, verified) in [("bob", true), ("eve", false)] {
        let claims = json!({"sub": subject, "email": format!("{subject}@example.com"), "email_verified": verified,
            "groups": ["readers"]});
        command.args(["--user-claims", &claims.to_string()]);
    }
    let provider = Server::on_port(&mut command, "oidc-provider-mock", port, folder.path())?;
    let file = |name: &str, text: &str| -> Result<String> {
        let path = folder.path().join(name);
        fs::write(&path, text)?;
        Ok(path.display().to_string())
    };
    let (secret, issuer) = (file("secret", "a secret of the client")?, &provider.endpoint);
    let providers = format!(
        "[[provider]]\nname = \"mock\"\ntitle = \"Mock\"\nissuer = \"{issuer}\"\nclient_id = \"holdfast\"\n\
         client_secret_file = \"{secret}\"\ngroups_claim = \"groups\"\npeople = \"first-sign-in\"\n\
         [[provider.mapping]]\ngroup = \"readers\"\nrole = \"auditor\"\n"
    );
    let providers = file("providers.toml", &providers)?;
    let arguments = ["--providers-file", providers.as_str()];
    let portal = progress
        .step("Start a portal that trusts it", |_| Running::start(&binary, folder.path(), &arguments))?;
    let mut check = python.script(workspace, "provider.py");
    verify(&mut check, Some(&portal.ready), "people cannot sign in at another provider")
}
