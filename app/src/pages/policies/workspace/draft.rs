//! The draft of one policy in the browser: what is typed, what it began from, and what is wrong with it. Made once per
//! page, so that changing tabs, saving and failing to save keep all of it.

use form::{
    EditRefusal, FormEdit,
    check::{self, Checked},
    edit,
};
use leptos::prelude::*;
use model::{
    Failure, FailureCode, PolicyId,
    policies::{PolicyDraft, fingerprint},
    session::RefusedPost,
    text::unix_lines,
};
use policy::Problem;
use time::OffsetDateTime;

/// The draft of one policy.
#[derive(Clone, Copy)]
pub struct Draft {
    /// `None` for a policy that is not created yet.
    pub id: StoredValue<Option<PolicyId>>,
    pub name: RwSignal<String>,
    pub description: RwSignal<String>,
    /// The document as JSON: both editors edit this text.
    pub text: RwSignal<String>,
    /// What AWS has, as far as this page knows.
    pub saved: RwSignal<PolicyDraft>,
    /// Fingerprint of what the draft is based on; usually that of `saved`.
    pub opened: RwSignal<String>,
    /// The last failure to save, and the text that was sent.
    pub failure: RwSignal<Option<(Failure, String)>>,
    /// The text, read and checked.
    pub checked: Memo<Checked>,
    /// Everything that is wrong: what the browser finds, and what only the server did while the text is the one it saw.
    pub problems: Memo<Vec<Problem>>,
    /// Set while the page is left for the sign-in page, which comes back: nothing is lost then, so nothing is asked.
    pub comes_back: StoredValue<bool>,
    /// Where the cursor is to go in the JSON: line, column, length.
    pub caret: RwSignal<Option<(u32, u32, u32)>>,
    /// The server's clock when the page was made.
    pub now: StoredValue<OffsetDateTime>,
    /// Why nothing can be changed; `None` where it can.
    pub denied: StoredValue<Option<String>>,
}

impl Draft {
    /// A draft that begins from `saved`.
    #[must_use]
    pub fn begin(
        id: Option<PolicyId>,
        saved: PolicyDraft,
        now: OffsetDateTime,
        denied: Option<String>,
    ) -> Self {
        let text = RwSignal::new(saved.content.clone());
        let opened = fingerprint(&saved.name, &saved.description, &saved.content);
        let failure = RwSignal::new(None);
        let checked = Memo::new(move |_| text.with(|text| check::check(text, now)));
        Self {
            id: StoredValue::new(id),
            name: RwSignal::new(saved.name.clone()),
            description: RwSignal::new(saved.description.clone()),
            text,
            saved: RwSignal::new(saved),
            opened: RwSignal::new(opened),
            failure,
            checked,
            problems: Memo::new(move |_| problems(checked, failure, text)),
            comes_back: StoredValue::new(false),
            caret: RwSignal::new(None),
            now: StoredValue::new(now),
            denied: StoredValue::new(denied),
        }
    }

    /// What is typed now.
    #[must_use]
    pub fn typed(self) -> PolicyDraft {
        PolicyDraft { name: self.name.get(), description: self.description.get(), content: self.text.get() }
    }

    /// Whether this is what is typed now. Not so where the page has been left meanwhile.
    #[must_use]
    pub fn is_still(self, sent: &PolicyDraft) -> bool {
        let same = |field: RwSignal<String>, text: &str| {
            field.try_with_untracked(|now| now == text).unwrap_or(false)
        };
        same(self.name, &sent.name)
            && same(self.description, &sent.description)
            && same(self.text, &sent.content)
    }

    /// Whether anything differs from what AWS has.
    #[must_use]
    pub fn is_dirty(self) -> bool {
        self.saved.with(|saved| {
            self.name.with(|n| *n != saved.name)
                || self.description.with(|d| *d != saved.description)
                || self.text.with(|t| *t != saved.content)
        })
    }

    /// Makes an edit by the form.
    ///
    /// # Errors
    /// Why it was not made; the text is as it was.
    pub fn edit(self, edit: &FormEdit) -> Result<(), EditRefusal> {
        let text = self.text.with_untracked(|text| edit::apply(text, edit))?;
        self.text.set(text);
        Ok(())
    }

    /// Throws away what was typed and begins again from `saved`, which is what AWS has.
    pub fn restart(self, saved: PolicyDraft) {
        self.name.set(saved.name.clone());
        self.description.set(saved.description.clone());
        self.text.set(saved.content.clone());
        self.rebase(saved);
    }

    /// Keeps what was typed; from now on it is compared with `saved`, which is what AWS has.
    pub fn rebase(self, saved: PolicyDraft) {
        self.opened.set(fingerprint(&saved.name, &saved.description, &saved.content));
        self.saved.set(saved);
        self.failure.set(None);
    }

    /// Goes on with what was typed in a form that was posted without scripts and refused.
    #[must_use]
    pub fn resume(self, refused: Option<(RefusedPost, Failure)>) -> Self {
        let Some((post, failure)) = refused else { return self };
        let text = unix_lines(post.field("content"));
        self.name.set(post.field("name").to_owned());
        self.description.set(post.field("description").to_owned());
        self.text.set(text.clone());
        // What it began from: saving again must not overwrite what somebody else did meanwhile.
        if self.id.with_value(Option::is_some) {
            self.opened.set(post.field("opened").to_owned());
        }
        self.failure.set(Some((failure, text)));
        self
    }

    /// Sends the cursor to a place in the JSON.
    pub fn go_to(self, line: u32, column: u32, length: u32) {
        self.caret.set(Some((line, column, length)));
    }
}

fn problems(
    checked: Memo<Checked>,
    failure: RwSignal<Option<(Failure, String)>>,
    text: RwSignal<String>,
) -> Vec<Problem> {
    let ours = checked.with(|checked| checked.problems.clone());
    failure.with(|failure| match failure {
        Some((Failure { code: FailureCode::InvalidDocument { problems }, .. }, sent))
            if text.with(|text| text == sent) =>
        {
            check::merge_problems(ours, problems)
        }
        _ => ours,
    })
}
