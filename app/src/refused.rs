//! Forms that were posted without scripts and refused: the server keeps what was typed and why for the page view that follows.

use leptos::{prelude::*, server::ServerActionError};
use model::{Failure, session::RefusedPost};
use server_fn::{ServerFn, error::ServerFnUrlError};

use crate::error::AppError;

/// What the page view began with.
#[derive(Clone, Copy)]
struct Refused(StoredValue<Option<RefusedPost>>);

/// Takes over what the server kept; once, in the app. The browser gets the same as the server rendered with.
pub fn provide_refused() {
    let kept = SharedValue::new(kept_by_server).into_inner();
    if let Some(post) = &kept {
        // For `ServerAction`s, which would look for it in the address.
        provide_context(ServerActionError::new(&post.function, &post.error));
    }
    provide_context(Refused(StoredValue::new(kept)));
}

/// The refused form of this server function, and why it was refused. Call it in the body of the page that shows it: once that page
/// is left, it is over.
#[must_use]
pub fn refused<F: ServerFn>() -> Option<(RefusedPost, Failure)> {
    let Refused(kept) = use_context()?;
    let post = kept.get_value().filter(|post| post.function == F::PATH)?;
    // A server renders what waits for data more than once, each time from the beginning, and has one page view only.
    if !cfg!(feature = "ssr") {
        on_cleanup(move || drop(kept.try_set_value(None)));
    }
    let failure = ServerFnUrlError::<AppError>::decode_err(&post.error).into_failure();
    Some((post, failure))
}

#[cfg(feature = "ssr")]
fn kept_by_server() -> Option<RefusedPost> {
    use_context::<http::request::Parts>()?.extensions.get::<RefusedPost>().cloned()
}

#[cfg(not(feature = "ssr"))]
const fn kept_by_server() -> Option<RefusedPost> {
    None
}
