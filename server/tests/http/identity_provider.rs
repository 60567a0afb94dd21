//! A small identity provider on loopback: real HTTP, keys of its own, and tokens that can be spoilt.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{
        HeaderMap, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD as URL_SAFE},
};
use portal::{ProviderAnswer, ProviderSources, Providers};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

pub const CLIENT: &str = "holdfast";
pub const SECRET: &str = "a secret of the client";
pub const SCIM_TOKEN: &str = "ZGlyZWN0b3J5IHRva2VuIG51bWJlciBvbmU";
pub const OTHER_SCIM_TOKEN: &str = "YW5vdGhlciBkaXJlY3RvcnkncyBvd24gdG9rZW4";
pub const NEXT_SCIM_TOKEN: &str = "ZGlyZWN0b3J5IHRva2VuIG51bWJlciB0d28";

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    Right,
    /// `alg: none`, without a signature.
    Not,
    /// `HS256` with the public key as the secret.
    WithPublicKey,
    /// `HS256` with the client's secret.
    WithSecret,
    /// By another key under the same key id.
    ByAnother,
}

/// Clones are the same one.
#[derive(Clone)]
pub struct IdentityProvider {
    pub issuer: String,
    world: Arc<Mutex<World>>,
}

pub struct World {
    /// Claims of the person who signs in, beside what every token has.
    pub person: Value,
    /// What is put over the claims of the next ID tokens; `null` takes one out.
    pub spoilt: Value,
    pub signed: Signed,
    /// Whether answers name the issuer, as discovery then says.
    pub names_issuer: bool,
    pub user_info: Value,
    pub now: i64,
    pub key_reads: u32,
    pub refresh: Refresh,
    logout_tokens: u32,
    key: Key,
    other: Key,
    codes: HashMap<String, HashMap<String, String>>,
    issuer: String,
}

/// How it gives refresh tokens, and what came of them.
#[derive(Default)]
pub struct Refresh {
    /// Whether one comes with each sign-in.
    pub given: bool,
    /// Whether each is good once, and another comes for it.
    pub rotates: bool,
    /// What is answered to them in the place of tokens.
    pub refuses: Option<(u16, &'static str)>,
    /// Whether no ID token comes for one.
    pub without_id_token: bool,
    /// While it is closed, nobody who shows one is answered.
    pub gate: Option<Arc<Semaphore>>,
    pub good: Vec<String>,
    /// How many were shown, and how many of them were good.
    pub shown: usize,
    pub taken: usize,
    pub revoked: Vec<String>,
    made: usize,
}

impl Refresh {
    fn make(&mut self) -> String {
        self.made += 1;
        let token = format!("a refresh token, the {}.", self.made);
        self.good.push(token.clone());
        token
    }
}

struct Key {
    id: String,
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        Self { id: id.to_owned(), pair }
    }

    fn sign(&self, text: &str) -> Vec<u8> {
        self.pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap().as_ref().to_vec()
    }

    fn public(&self) -> Value {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id,
            "x": URL_SAFE.encode(x), "y": URL_SAFE.encode(y)})
    }
}

impl World {
    fn token(&self, claims: &Value, kind: &str) -> String {
        self.token_with(&json!({}), claims, kind, &URL_SAFE)
    }

    fn token_with(&self, over: &Value, claims: &Value, kind: &str, engine: &impl Engine) -> String {
        let algorithm = match self.signed {
            Signed::Right | Signed::ByAnother => "ES256",
            Signed::Not => "none",
            Signed::WithPublicKey | Signed::WithSecret => "HS256",
        };
        let header = self.put_over(json!({"alg": algorithm, "kid": self.key.id, "typ": kind}), over);
        let text = format!("{}.{}", engine.encode(header.to_string()), engine.encode(claims.to_string()));
        let hmac = |secret: &[u8]| {
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), text.as_bytes()).as_ref().to_vec()
        };
        let signature = match self.signed {
            Signed::Right => self.key.sign(&text),
            Signed::ByAnother => self.other.sign(&text),
            Signed::Not => Vec::new(),
            Signed::WithPublicKey => hmac(self.key.pair.public_key().as_ref()),
            Signed::WithSecret => hmac(SECRET.as_bytes()),
        };
        format!("{text}.{}", engine.encode(signature))
    }

    fn assertion(&self, header: &Value, over: &Value, engine: &impl Engine) -> String {
        let claims = json!({"iss": self.issuer, "aud": CLIENT, "iat": self.now, "exp": self.now + 300});
        let claims = self.put_over(self.put_over(claims, &self.person), over);
        self.token_with(header, &claims, "JWT", engine)
    }

    /// What the token endpoint answers, with claims of its own in the ID token.
    fn tokens(&self, own: &Value) -> Value {
        let claims = json!({"iss": self.issuer, "aud": CLIENT, "iat": self.now, "exp": self.now + 300});
        let claims = self.put_over(self.put_over(claims, own), &self.person);
        let claims = self.put_over(claims, &self.spoilt);
        let id_token = self.token(&claims, "JWT");
        json!({"access_token": "an access token", "token_type": "Bearer", "id_token": id_token})
    }

    fn put_over(&self, mut claims: Value, over: &Value) -> Value {
        let fields = claims.as_object_mut().unwrap();
        for (name, value) in over.as_object().unwrap() {
            if value.is_null() {
                fields.remove(name);
            } else {
                fields.insert(name.clone(), value.clone());
            }
        }
        claims
    }
}

impl IdentityProvider {
    /// One that says it is `now`, in seconds since 1970.
    pub async fn start(now: i64) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let world = Arc::new(Mutex::new(World {
            person: json!({}),
            spoilt: json!({}),
            signed: Signed::Right,
            names_issuer: false,
            user_info: json!({}),
            now,
            key_reads: 0,
            refresh: Refresh::default(),
            logout_tokens: 0,
            key: Key::new("first"),
            other: Key::new("first"),
            codes: HashMap::new(),
            issuer: issuer.clone(),
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/pem/first", get(pem))
            .route("/token", post(token))
            .route("/me", get(user_info))
            .route("/revoke", post(revoke))
            .with_state(world.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { issuer, world }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Whoever signs in from now on: their subject, and groups.
    pub fn person(&self, subject: &str, groups: &[&str]) {
        let email = format!("{subject}@example.com");
        let name = subject.to_uppercase();
        self.world().person = json!({"sub": subject, "email": email, "email_verified": true, "name": name,
            "groups": groups, "sid": format!("session of {subject}")});
    }

    /// Signs with a new key from now on.
    pub fn rotate(&self, id: &str) {
        self.world().key = Key::new(id);
    }

    /// Lets the browser that was sent to an address back.
    pub fn approve(&self, address: &str) -> ProviderAnswer {
        let asked = Query::<HashMap<String, String>>::try_from_uri(&address.parse().unwrap()).unwrap().0;
        assert!(address.starts_with(&format!("{}/authorize?", self.issuer)), "{address}");
        assert_eq!(
            (asked["response_type"].as_str(), asked["code_challenge_method"].as_str()),
            ("code", "S256")
        );
        let state = asked["state"].clone();
        let mut world = self.world();
        let code = format!("code {}", world.codes.len());
        world.codes.insert(code.clone(), asked);
        let iss = world.names_issuer.then(|| self.issuer.clone());
        ProviderAnswer { code, state, iss, error: None }
    }

    /// What a proxy says of the person with a request; with fields put over its header and claims.
    pub fn assertion(&self, header: &Value, over: &Value) -> String {
        self.world().assertion(header, over, &URL_SAFE)
    }

    /// The same with padding, as load balancers of AWS write it.
    pub fn padded_assertion(&self, header: &Value, over: &Value) -> String {
        self.world().assertion(header, over, &BASE64_URL_SAFE)
    }

    /// A logout token, with claims put over it.
    pub fn logout_token(&self, over: &Value) -> String {
        let mut world = self.world();
        world.logout_tokens += 1;
        let id = format!("logout {}", world.logout_tokens);
        let claims = json!({"iss": self.issuer, "aud": CLIENT, "iat": world.now, "exp": world.now + 120, "jti": id,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}}});
        world.token(&world.put_over(claims, over), "logout+jwt")
    }

    /// The configuration that names it, with lines of its own for the provider.
    pub fn configuration(&self, more: &str) -> Providers {
        let issuer = &self.issuer;
        let text = format!(
            "[[provider]]\nname = \"corp\"\ntitle = \"Corp\"\nissuer = \"{issuer}\"\nclient_id = \"{CLIENT}\"\n\
             client_secret_env = \"SECRET\"\ngroups_claim = \"groups\"\n{more}"
        );
        Providers::parse(&text, &Sources).unwrap()
    }
}

struct Sources;

impl ProviderSources for Sources {
    fn file(&self, _path: &str) -> std::io::Result<String> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    fn variable(&self, name: &str) -> Option<String> {
        let secret = match name {
            "SCIM_TOKEN" => SCIM_TOKEN,
            "NEXT_SCIM_TOKEN" => NEXT_SCIM_TOKEN,
            "OTHER_SCIM_TOKEN" => OTHER_SCIM_TOKEN,
            _ => SECRET,
        };
        Some(secret.to_owned())
    }
}

type Shared = State<Arc<Mutex<World>>>;

async fn discovery(State(world): Shared) -> Json<Value> {
    let world = world.lock().unwrap();
    let issuer = &world.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/end"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        "authorization_response_iss_parameter_supported": world.names_issuer,
    }))
}

async fn keys(State(world): Shared) -> Json<Value> {
    let mut world = world.lock().unwrap();
    world.key_reads += 1;
    Json(json!({"keys": [world.key.public()]}))
}

/// The public key alone (RFC 5480).
async fn pem(State(world): Shared) -> String {
    let world = world.lock().unwrap();
    let before = hex::decode("3059301306072a8648ce3d020106082a8648ce3d030107034200").unwrap();
    let der = [before.as_slice(), world.key.pair.public_key().as_ref()].concat();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64_STANDARD.encode(der))
}

async fn user_info(State(world): Shared, headers: HeaderMap) -> Response {
    if headers.get(AUTHORIZATION).is_none_or(|value| value != "Bearer an access token") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(world.lock().unwrap().user_info.clone()).into_response()
}

async fn token(
    State(world): Shared,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    if form["grant_type"] == "refresh_token" {
        return refreshed(&world, &headers, &form).await;
    }
    let mut world = world.lock().unwrap();
    let asked = world.codes.remove(&form["code"]);
    let challenge = URL_SAFE.encode(Sha256::digest(&form["code_verifier"]));
    let asked = asked.filter(|asked| {
        is_client(&headers)
            && asked["code_challenge"] == challenge
            && asked["redirect_uri"] == form["redirect_uri"]
    });
    let Some(asked) = asked else { return refused("invalid_grant") };
    let mut tokens = world.tokens(&json!({"auth_time": world.now, "nonce": asked["nonce"]}));
    if world.refresh.given {
        tokens["refresh_token"] = world.refresh.make().into();
    }
    Json(tokens).into_response()
}

async fn refreshed(world: &Mutex<World>, headers: &HeaderMap, form: &HashMap<String, String>) -> Response {
    let gate = {
        let mut world = world.lock().unwrap();
        world.refresh.shown += 1;
        world.refresh.gate.clone()
    };
    if let Some(gate) = gate {
        gate.acquire().await.unwrap().forget();
    }
    let mut world = world.lock().unwrap();
    if let Some((status, body)) = world.refresh.refuses {
        let status = StatusCode::from_u16(status).unwrap();
        return (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    }
    let shown = world.refresh.good.iter().position(|good| *good == form["refresh_token"]);
    let Some(shown) = shown.filter(|_| is_client(headers)) else { return refused("invalid_grant") };
    world.refresh.taken += 1;
    let mut tokens = world.tokens(&json!({}));
    if world.refresh.without_id_token {
        tokens.as_object_mut().unwrap().remove("id_token");
    }
    if world.refresh.rotates {
        world.refresh.good.remove(shown);
        tokens["refresh_token"] = world.refresh.make().into();
    }
    Json(tokens).into_response()
}

async fn revoke(
    State(world): Shared,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> StatusCode {
    if !is_client(&headers) || form["token_type_hint"] != "refresh_token" {
        return StatusCode::UNAUTHORIZED;
    }
    let mut world = world.lock().unwrap();
    world.refresh.good.retain(|good| *good != form["token"]);
    world.refresh.revoked.push(form["token"].clone());
    StatusCode::OK
}

fn is_client(headers: &HeaderMap) -> bool {
    let secret = SECRET.replace(' ', "+");
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{CLIENT}:{secret}")));
    headers.get(AUTHORIZATION).is_some_and(|value| value == basic.as_str())
}

fn refused(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response()
}
