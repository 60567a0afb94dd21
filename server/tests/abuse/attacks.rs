//! The table of attacks: what is sent, and what the only right answers are.

use super::{
    answer::{Answer, Right},
    attempt::{self, Attempt},
    directory, passkeys,
    portal::World,
    programs, proxy, signing_in as sign, text, tls, tokens, wire,
};

/// A row of the table.
pub struct Attack {
    pub name: &'static str,
    /// What is sent.
    pub attempts: fn(&World) -> Vec<Attempt>,
    pub at_once: usize,
    /// In words.
    pub right: &'static str,
    pub answers: &'static [Right],
    /// What has to hold of all answers together: the problem, where it does not.
    pub together: fn(&[(String, Answer)]) -> Option<String>,
}

/// What came of attempts.
#[derive(Debug, Default)]
pub struct Tally {
    pub tried: usize,
    pub let_through: Vec<String>,
    pub wrong: Vec<String>,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.tried += other.tried;
        self.let_through.extend(other.let_through);
        self.wrong.extend(other.wrong);
    }
}

use Right::{Closed, LedTo, Status};

const TO_SIGN_IN: &[Right] = &[LedTo("/sign-in")];
const REFUSED_SIGN_IN: &[Right] = &[LedTo("/sign-in?"), Status(503)];
const READABLE_OR_NOT: &[Right] = &[
    Status(200),
    LedTo("/"),
    Status(400),
    Status(401),
    Status(403),
    Status(404),
    Status(409),
    Status(413),
    Status(422),
    Status(429),
];

const fn row(
    name: &'static str,
    attempts: fn(&World) -> Vec<Attempt>,
    at_once: usize,
    right: &'static str,
    answers: &'static [Right],
) -> Attack {
    Attack { name, attempts, at_once, right, answers, together: |_| None }
}

/// What a directory may be told that sent nothing right.
const NOT_TAKEN: &[Right] = &[Status(400), Status(404), Status(409), Status(412), Status(413), Closed];

pub const ATTACKS: [Attack; 38] = [
    row(
        "tokens of the API that are none",
        programs::tokens,
        8,
        "401, or 429 after 20 from an address",
        &[Status(401), Status(429)],
    ),
    Attack {
        together: |all| sign::judged(all, 50),
        ..row(
            "wrong passwords from many addresses",
            sign::from_many_addresses,
            16,
            "refused, 50 judged at most",
            REFUSED_SIGN_IN,
        )
    },
    Attack {
        together: |all| sign::judged(all, 20),
        ..row(
            "wrong passwords at once from one address",
            sign::from_one_address,
            100,
            "refused, 20 judged at most",
            REFUSED_SIGN_IN,
        )
    },
    Attack {
        together: |all| sign::judged(all, 20),
        ..row(
            "addresses that the client makes up",
            sign::made_up_addresses,
            16,
            "refused, 20 judged at most",
            REFUSED_SIGN_IN,
        )
    },
    row("the owner, in her own browser, after that", sign::owner, 1, "signed in", &[LedTo("/settings")]),
    row("one-time codes of nobody", sign::codes, 8, "led to sign in", TO_SIGN_IN),
    row("forged cookies", sign::forged_cookies, 8, "led to sign in", TO_SIGN_IN),
    row("replayed and swapped cookies", sign::replayed_cookies, 1, "led to sign in", TO_SIGN_IN),
    row(
        "forged, used and swapped links",
        sign::links,
        8,
        "refused",
        &[LedTo("/welcome?"), LedTo("/join?"), LedTo("/sign-in")],
    ),
    row("forged, replayed and swapped states", tokens::states, 1, "led to sign in", TO_SIGN_IN),
    row("spoilt ID tokens", tokens::id_tokens, 1, "led to sign in", TO_SIGN_IN),
    row("spoilt logout tokens", tokens::logout_tokens, 1, "400, or the limit", &[Status(400), Status(429)]),
    row("passkeys, forged and replayed", passkeys::passkeys, 1, "led to sign in", TO_SIGN_IN),
    row(
        "links, used, raced and changed",
        passkeys::links,
        1,
        "refused",
        &[LedTo("/join?"), LedTo("/sign-in")],
    ),
    row("assertions of a proxy", proxy::assertions, 8, "led to sign in", TO_SIGN_IN),
    row("sessions without the proxy's assertion", proxy::sessions, 1, "nobody, or another", TO_SIGN_IN),
    row(
        "directory tokens that are none",
        directory::tokens,
        8,
        "401, or 429 after 20 from an address",
        &[Status(401), Status(429)],
    ),
    row("what another directory told", directory::foreign, 1, "404", &[Status(404)]),
    row("directory bodies that are none", directory::bodies, 4, "400, 404, 413 or closed", NOT_TAKEN),
    Attack {
        together: directory::nobody,
        ..row(
            "directory filters that are none",
            directory::filters,
            4,
            "400, or nobody",
            &[Status(200), Status(400), Status(414), Status(431)],
        )
    },
    row(
        "changes at paths that are none",
        directory::paths,
        4,
        "400, or nothing changed",
        &[Status(200), Status(400)],
    ),
    row("people of others, told of by a directory", directory::taken, 1, "404 or 409", NOT_TAKEN),
    Attack {
        together: directory::one,
        ..row(
            "one person, told of at once",
            directory::at_once,
            30,
            "201 once, else 409",
            &[Status(201), Status(409)],
        )
    },
    row(
        "administrators, by a directory's group",
        directory::administrators,
        1,
        "the owner stays one",
        &[Status(200)],
    ),
    row("TLS that is none", tls::garbage, 8, "400, or closed", &[Status(400), Closed]),
    row("handshakes that never end", tls::slow, 52, "closed in time", &[Closed]),
    row("somebody by TLS, beside them", tls::visitors, 5, "the sign-in page", &[Status(200)]),
    row("functions as nobody", wire::as_nobody, 8, "401", &[Status(401)]),
    row("functions from another site", wire::from_another_site, 8, "403", &[Status(403)]),
    row("functions with JSON that is none", wire::broken_json, 8, "400 or 422", &[Status(400), Status(422)]),
    row("functions with forms that are none", wire::broken_forms, 8, "no error of ours", READABLE_OR_NOT),
    row("functions in another content type", wire::other_types, 8, "400", &[Status(400)]),
    row("bodies that are too large", wire::oversize, 4, "413", &[Status(413), Closed]),
    row("bodies that never end", wire::slow, 16, "503 or closed, in time", &[Status(503), Closed]),
    row(
        "broken framing and headers",
        wire::framing,
        4,
        "400, 401, or closed",
        &[Status(400), Status(401), Status(403), Status(405), Status(408), Status(431), Closed],
    ),
    row(
        "tricks with paths",
        wire::paths,
        8,
        "nothing, or led to sign in",
        &[LedTo("/sign-in"), Status(400), Status(401), Status(404), Status(405)],
    ),
    row("HTML and SQL in every field", text::fields, 4, "taken as text, or refused", READABLE_OR_NOT),
    row("HTML, SQL and headers in every address", text::addresses, 4, "shown as text", READABLE_OR_NOT),
];

impl Attack {
    /// Makes all attempts, and judges each.
    pub async fn run(&self, world: &World) -> Tally {
        let answers = attempt::make((self.attempts)(world), self.at_once).await;
        let mut tally = Tally { tried: answers.len(), ..Tally::default() };
        for (what, answer) in &answers {
            let case = || format!("{what}: {}", answer.shown());
            match answer.harm() {
                Some(harm) => tally.let_through.push(format!("{harm}: {}", case())),
                None if self.answers.iter().any(|right| answer.is(*right)) => (),
                None if answer.is_done() => tally.let_through.push(case()),
                None => tally.wrong.push(case()),
            }
        }
        tally.wrong.extend((self.together)(&answers));
        tally
    }
}
