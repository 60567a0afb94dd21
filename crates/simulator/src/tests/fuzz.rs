//! Whatever comes over the wire is answered: with what was asked for, or with an error of the client. Never with one
//! of the server, and never not at all. The requests are the same in every run.

use super::Aws;
use crate::hash::Dice;
use crate::service;
use crate::wire::operation::{Field, Operation, Place, Route};
use crate::wire::rule::{Form, Rule};
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How often each operation is called.
const ROUNDS: u64 = 40;

/// Longest that an answer may take before the test calls it none; no measure of speed.
const PATIENCE: Duration = Duration::from_secs(300);

/// Texts that nobody means.
const ODD: &[&str] = &[
    "",
    " ",
    "*",
    "0",
    "-1",
    "null",
    "..",
    "%",
    "%00",
    "%+5",
    "a/b",
    "über",
    "日本",
    "\u{0}",
    "\u{202e}",
    "'\"<&>",
    "R-ABCD",
    "P-0123456789",
    "000000000000",
    "ANY",
    "AGGREGATE_ALL",
    "1e400",
    "NaN",
    "-99999999999999999999",
    "9999-12-31T23:59:59.999Z",
    "-9999-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "377705116799",
    "-377705116800",
    "1e300",
    "arn:aws:backup:eu-west-1:111122223333:backup-vault:",
    "arn:::::::",
    "00000000-0000-4000-8000-000000000000",
    "AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA",
    "+0000000-0000-4000-8000-00000000000f",
    "{}",
    "[]",
    "{\"plans\":{}}",
    "eyJzY29wZSI6MX0",
    "WzFd",
];

struct Fuzz {
    dice: Dice,
    /// Texts that mean something in this organization: ids, ARNs, names.
    real: Vec<String>,
    /// Who calls.
    accounts: Vec<String>,
}

impl Fuzz {
    fn pick<'a>(&mut self, from: &'a [&'a str]) -> &'a str {
        self.dice.pick(from).copied().unwrap_or_default()
    }

    fn text(&mut self) -> String {
        match self.dice.below(10) {
            0..6 => {
                let real = std::mem::take(&mut self.real);
                let text = self.dice.pick(&real).cloned().unwrap_or_default();
                self.real = real;
                if self.dice.permille(150) { text.to_uppercase() } else { text }
            }
            6 => "x".repeat(self.dice.below(3_000) as usize),
            _ => self.pick(ODD).to_owned(),
        }
    }

    fn number(&mut self) -> Value {
        const NUMBERS: [i64; 12] = [0, 1, -1, 2, 20, 21, 60, 1_000, 36_500, 52_560_000, i64::MAX, i64::MIN];
        match self.dice.below(14) {
            0 => json!(1e308),
            1 => json!(u64::MAX),
            _ => self.dice.pick(&NUMBERS).copied().into(),
        }
    }

    /// Anything that JSON can say.
    fn anything(&mut self, depth: u64) -> Value {
        match self.dice.below(if depth < 3 { 8 } else { 6 }) {
            0 => Value::Null,
            1 => self.dice.permille(500).into(),
            2 => self.number(),
            3..6 => self.text().into(),
            6 => (0..self.dice.below(4)).map(|_| self.anything(depth + 1)).collect(),
            _ => {
                let members = self.dice.below(4);
                (0..members).map(|_| (self.text(), self.anything(depth + 1))).collect()
            }
        }
    }

    /// Mostly what the rule asks for, so that the request comes further than the check.
    fn value(&mut self, rule: &Rule) -> Value {
        if self.dice.permille(80) {
            return self.anything(0);
        }
        match rule {
            Rule::OneOf(choices) => self.pick(choices).into(),
            Rule::EffectiveType => "BACKUP_POLICY".into(),
            Rule::Whole(least, greatest) => match self.dice.below(4) {
                0 => (*least).into(),
                1 => (*greatest).into(),
                2 => (*least + 1).into(),
                _ => self.number(),
            },
            Rule::Flag => self.dice.permille(500).into(),
            Rule::Instant => self.number(),
            Rule::List(rule, ..) => (0..self.dice.below(4)).map(|_| self.value(rule)).collect(),
            Rule::Tags => json!([{"Key": self.text(), "Value": self.text()}]),
            Rule::Map(rule) => {
                let members = self.dice.below(4);
                (0..members).map(|_| (self.text(), self.value(rule))).collect()
            }
            Rule::Shape(members) => {
                members.iter().map(|(name, _, rule)| ((*name).to_owned(), self.value(rule))).collect()
            }
            Rule::Form(Form::Vault) => self.pick(&["standard", "Default", "fuzz", "?"]).into(),
            Rule::Form(_) | Rule::Text(..) => self.text().into(),
        }
    }

    /// A value as a client writes it into a path or query.
    fn encoded(&mut self, rule: &Rule) -> String {
        let text = match self.value(rule) {
            Value::String(text) => text,
            _ if matches!(rule, Rule::Instant) => self.pick(ODD).to_owned(),
            other => other.to_string(),
        };
        let mut encoded = String::new();
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || (byte == b'%' && self.dice.permille(500)) {
                encoded.push(char::from(byte));
            } else {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
        encoded
    }

    /// Every required member and half of the others, with one more that nobody knows.
    fn members(&mut self, operation: &Operation) -> Vec<(Field, Value)> {
        let fields: Vec<Field> = operation.fields().collect();
        let mut members = Vec::new();
        for field in fields.into_iter().filter(|field| field.place == Place::Body) {
            if self.dice.permille(if field.required { 950 } else { 500 }) {
                members.push((field, self.value(&field.rule)));
            }
        }
        members
    }

    fn body(&mut self, operation: &Operation) -> Vec<u8> {
        match self.dice.below(24) {
            0 => Vec::new(),
            1 => self.pick(&["null", "[]", "1", "{", "\"x\"", "{\"a\":1,\"a\":2}", "\u{feff}{}"]).into(),
            2 => vec![0xff, 0xfe, b'{', b'}'],
            3 => "[".repeat(2_000).into_bytes(),
            4 => json!({"Unknown": " ".repeat(1_100_000)}).to_string().into_bytes(),
            _ => {
                let members = self.members(operation);
                let mut body: Map<String, Value> =
                    members.into_iter().map(|(field, value)| (field.name.to_owned(), value)).collect();
                body.insert(self.text(), self.anything(0));
                Value::Object(body).to_string().into_bytes()
            }
        }
    }

    fn path(&mut self, template: &str, operation: &Operation) -> String {
        let mut path = String::new();
        for part in template.split('/').filter(|part| !part.is_empty()) {
            let wire = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            let is_named = |field: &Field| matches!(field.place, Place::Path(name) if Some(name) == wire);
            let field = operation.fields().find(is_named);
            let _ = match field {
                Some(field) => write!(path, "/{}", self.encoded(&field.rule)),
                None => write!(path, "/{part}"),
            };
        }
        let fields: Vec<Field> = operation.fields().collect();
        let mut joint = '?';
        for field in fields {
            let Place::Query(name) = field.place else { continue };
            // Seldom all at once; the account is the caller's, so that no listing takes long.
            if name.to_ascii_lowercase().contains("account") || !self.dice.permille(300) {
                continue;
            }
            let _ = write!(path, "{joint}{name}={}", self.encoded(&field.rule));
            joint = '&';
        }
        path
    }

    fn request(&mut self, operation: &'static Operation) -> Vec<u8> {
        let body = self.body(operation);
        let (mut method, mut path, mut headers) = ("POST", "/".to_owned(), String::new());
        let mut body = match operation.route {
            Route::Target => {
                let prefix = match self.dice.below(20) {
                    0 => {
                        self.pick(&["", "AWSOrganizations.", "AWSOrganizationsV20161128", "Other_20200101."])
                    }
                    _ => "AWSOrganizationsV20161128.",
                };
                let _ = write!(headers, "X-Amz-Target: {prefix}{}\r\n", operation.name);
                body
            }
            Route::Tagging => {
                let _ =
                    write!(headers, "X-Amz-Target: ResourceGroupsTaggingAPI_20170126.{}\r\n", operation.name);
                body
            }
            Route::Path(wanted, template) => {
                (method, path) = (wanted, self.path(template, operation));
                body
            }
            Route::Form(_) | Route::Control => {
                let members = operation.fields().map(|field| (field.name, self.encoded(&field.rule)));
                let form: String = members.map(|(name, value)| format!("&{name}={value}")).collect();
                format!("Action={}{form}", operation.name).into_bytes()
            }
        };
        if self.dice.permille(40) {
            method = self.pick(&["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "FUZZ"]);
        }
        if self.dice.permille(100) {
            body.truncate(self.dice.below(body.len() as u64 + 1) as usize);
        }
        let kind = self.pick(&[
            "application/x-amz-json-1.1",
            "application/json",
            "text/plain",
            "",
            "multipart/form-data",
        ]);
        let region = self.pick(&["eu-west-1", "eu-central-1", "us-east-1", "ap-southeast-2", "nowhere"]);
        let account = self.dice.pick(&self.accounts).cloned().unwrap_or_default();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\nContent-Type: {kind}\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential=AKIA{account}/20261120/{region}/any/aws4_request\r\n\
             {headers}Content-Length: {}\r\n\r\n",
            body.len()
        );
        [head.into_bytes(), body].concat()
    }
}

/// The status of the answer; none if there is no answer at all.
async fn send(address: &str, request: &[u8]) -> Option<(u16, String)> {
    let answer = async {
        let mut stream = TcpStream::connect(address).await.ok()?;
        // The server may answer and close before it has read all of a request.
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        Some((status, answer))
    };
    tokio::time::timeout(PATIENCE, answer).await.ok().flatten()
}

/// Ids, ARNs and names of the organization, and two tokens that are good somewhere.
async fn real(aws: &Aws) -> Vec<String> {
    let mut real = vec!["BACKUP_POLICY".to_owned(), "backup.amazonaws.com".to_owned(), aws.root().await];
    let token = |page: &Value| page["NextToken"].as_str().unwrap().to_owned();
    let accounts = aws.must("ListAccounts", json!({"MaxResults": 1})).await;
    let path = "/backup-jobs?accountId=*&state=COMPLETED&maxResults=12";
    let jobs = aws.get("eu-west-1", path).await;
    real.extend([token(&accounts), token(&jobs), aws.policy("baseline-daily").await]);
    real.extend([aws.account("sandbox-01").await, aws.account("security-audit").await]);
    for job in jobs["BackupJobs"].as_array().unwrap() {
        let members =
            ["AccountId", "BackupJobId", "RecoveryPointArn", "ResourceArn", "BackupVaultArn", "IamRoleArn"];
        real.extend(members.iter().filter_map(|member| job[*member].as_str()).map(str::to_owned));
        real.extend(job["CreatedBy"]["BackupPlanId"].as_str().map(str::to_owned));
    }
    real
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_requests_are_answered_or_refused_and_do_no_harm() {
    let aws = Aws::with(|options| options.uneven_pages = true);
    let real = real(&aws).await;
    let is_account = |text: &&String| Form::Account.matches(text);
    let mut accounts: Vec<String> = real.iter().filter(is_account).cloned().collect();
    let victims = accounts.clone();
    accounts.extend(["EXAMPLE", "000000000000", "x"].map(str::to_owned));
    let mut fuzz = Fuzz { dice: Dice::new(20_261_121, &[]), real, accounts };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let router = aws.simulator.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut answered = 0;
    for round in 0..ROUNDS {
        for operation in service::all().map(|handler| &handler.operation) {
            let request = fuzz.request(operation);
            let told = || {
                format!(
                    "round {round}: {}",
                    String::from_utf8_lossy(&request).chars().take(2_000).collect::<String>()
                )
            };
            let (status, answer) =
                send(&address, &request).await.unwrap_or_else(|| panic!("no answer, {}", told()));
            assert!((200..500).contains(&status), "{answer}\n{}", told());
            answered += u64::from(status == 200);
        }
        // What odd requests left behind must not break later ones.
        let victim = fuzz.dice.pick(&victims).unwrap();
        for path in
            ["/backup-jobs", "/copy-jobs", "/restore-jobs", "/backup-vaults", "/backup/plans", "/resources"]
        {
            let reply = aws.backup_as(victim, "GET", "eu-west-1", path, Value::Null).await;
            assert_eq!(reply.status, 200, "round {round}: {path} {}", reply.body);
        }
        aws.pass(time::Duration::hours(7));
    }
    let all = ROUNDS * service::all().count() as u64;
    assert!(answered > all / 20, "only {answered} of {all} came through");
    let accounts = aws.all("ListAccounts", "Accounts", json!({})).await;
    assert!(accounts.len() >= 250);
}
