//! What the browser does with passkeys. It reads and writes WebAuthn's JSON by itself.

use leptos::{
    prelude::window,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{
        HtmlFormElement, HtmlInputElement, RequestInit, Response, UrlSearchParams,
        js_sys::{Function, JSON, Object, Promise, Reflect},
    },
};
use wasm_bindgen_futures::JsFuture;

/// Whether passkeys work in this browser, at this address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Support {
    Yes,
    /// The browser has none, is too old, or the page came by plain HTTP.
    No,
    /// The page's address is a number.
    NoName,
}

impl Support {
    /// Why there are none; `None` where there are.
    pub const fn missing(self) -> Option<&'static str> {
        match self {
            Self::Yes => None,
            Self::No => {
                Some("This browser offers no passkeys here. They need HTTPS and a browser of 2025 or newer.")
            }
            Self::NoName => {
                Some("Passkeys need an address with a name: open Holdfast at that, not at a number.")
            }
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// Whoever sits there went back, or took too long.
    Declined,
    /// The authenticator has one of this person.
    Known,
    /// The server wants to see who it is first.
    Unconfirmed,
    /// The one-time link is not good any more.
    Link,
    Limited,
    Server,
    Browser,
}

/// Looks what the browser has.
pub(super) fn support() -> Support {
    let host = window().location().hostname().unwrap_or_default();
    let number = host.starts_with('[') || host.parse::<std::net::IpAddr>().is_ok();
    let reads = public_key().and_then(|kind| function(&kind, "parseCreationOptionsFromJSON"));
    match (reads, number) {
        (None, _) => Support::No,
        (Some(_), true) => Support::NoName,
        (Some(_), false) => Support::Yes,
    }
}

/// Asks the server what to ask, and the browser for it; the answer is JSON. `makes` makes a new passkey.
pub(super) async fn ask(what: &str, makes: bool, token: &str) -> Result<String, Unanswered> {
    let options = options(what, token).await?;
    let kind = public_key().ok_or(Unanswered::Browser)?;
    let (read, method) = if makes {
        ("parseCreationOptionsFromJSON", "create")
    } else {
        ("parseRequestOptionsFromJSON", "get")
    };
    let read = function(&kind, read).ok_or(Unanswered::Browser)?;
    let options = read.call1(&kind, &options).map_err(|_| Unanswered::Browser)?;
    let request = Object::new();
    Reflect::set(&request, &"publicKey".into(), &options).map_err(|_| Unanswered::Browser)?;
    let credentials = get(&window().navigator(), "credentials").ok_or(Unanswered::Browser)?;
    let method = function(&credentials, method).ok_or(Unanswered::Browser)?;
    let promise = method.call1(&credentials, &request).map_err(|error| declined(&error))?;
    let promise: Promise = promise.dyn_into().map_err(|_| Unanswered::Browser)?;
    let credential = JsFuture::from(promise).await.map_err(|error| declined(&error))?;
    let json = function(&credential, "toJSON").and_then(|json| json.call0(&credential).ok());
    let text = json.and_then(|json| JSON::stringify(&json).ok());
    text.map(String::from).ok_or(Unanswered::Browser)
}

/// Sends a form with the answer, without what was typed as a password.
pub(super) fn send(form: &str, to: &str, answer: &str) -> Result<(), Unanswered> {
    let document = window().document().ok_or(Unanswered::Browser)?;
    let form = document.get_element_by_id(form).and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let form = form.ok_or(Unanswered::Browser)?;
    let input = |name: &str| {
        let input = form.query_selector(&format!("input[name={name}]")).ok().flatten();
        input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
    };
    input("passkey").ok_or(Unanswered::Browser)?.set_value(answer);
    if let Some(password) = input("password") {
        password.set_disabled(true);
    }
    form.set_action(to);
    form.submit().map_err(|_| Unanswered::Browser)
}

async fn options(what: &str, token: &str) -> Result<JsValue, Unanswered> {
    let body = UrlSearchParams::new().map_err(|_| Unanswered::Browser)?;
    body.append("for", what);
    body.append("token", token);
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body);
    let sent = window().fetch_with_str_and_init(model::paths::POST_PASSKEY_OPTIONS, &init);
    let answer = JsFuture::from(sent).await.map_err(|_| Unanswered::Server)?;
    let answer: Response = answer.dyn_into().map_err(|_| Unanswered::Server)?;
    match answer.status() {
        200 => JsFuture::from(answer.json().map_err(|_| Unanswered::Server)?)
            .await
            .map_err(|_| Unanswered::Server),
        401 | 403 => Err(Unanswered::Unconfirmed),
        409 => Err(Unanswered::Link),
        429 => Err(Unanswered::Limited),
        _ => Err(Unanswered::Server),
    }
}

fn declined(error: &JsValue) -> Unanswered {
    let name = get(error, "name").and_then(|name| name.as_string());
    match name.as_deref() {
        Some("NotAllowedError" | "AbortError") => Unanswered::Declined,
        Some("InvalidStateError") => Unanswered::Known,
        _ => Unanswered::Browser,
    }
}

fn public_key() -> Option<JsValue> {
    get(&window(), "PublicKeyCredential")
}

fn function(of: &JsValue, name: &str) -> Option<Function> {
    get(of, name)?.dyn_into().ok()
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}
