//! The one place where a page waits for its data.

use leptos::{either::Either, prelude::*, wasm_bindgen::JsCast};
use serde::{Serialize, de::DeserializeOwned};
use web_sys::HtmlElement;

use super::{
    failure_view::{FailurePage, FailureView},
    loading::Loading,
};
use crate::error::AppError;

/// Part of a page that needs data: waits, then shows `view` of it or what went wrong with a way on. While newer data is
/// on its way, the older stays. Call it in a component's body; read the resource nowhere else but in `.await`s.
pub fn load<T, V>(
    resource: Resource<Result<T, AppError>>,
    view: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    wait(resource, view, OnFailure::Notice)
}

/// A whole page that needs data: like [`load`], but a failure gets a heading of its own, since `view` brings the page's.
pub fn load_page<T, V>(
    resource: Resource<Result<T, AppError>>,
    view: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    wait(resource, view, OnFailure::Page)
}

/// A part that lies over a page which waits for the same resource: that page says what went wrong.
pub fn load_over<T, V>(
    resource: Resource<Result<T, AppError>>,
    view: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    wait(resource, view, OnFailure::Nothing)
}

/// A part that says something without the data too: `without` is shown while it is on its way, and where it cannot be had.
/// Another part that waits for the same resource says what went wrong.
pub fn load_or<T, V>(
    resource: Resource<Result<T, AppError>>,
    view: impl Fn(T) -> V + Clone + Send + Sync + 'static,
    without: impl Into<ViewFn>,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    wait(resource, view, OnFailure::Instead(without.into()))
}

/// What is shown where there is no data.
#[derive(Clone)]
enum OnFailure {
    Notice,
    Page,
    Nothing,
    Instead(ViewFn),
}

fn wait<T, V>(
    resource: Resource<Result<T, AppError>>,
    view: impl Fn(T) -> V + Clone + Send + Sync + 'static,
    on_failure: OnFailure,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let fallback = match &on_failure {
        OnFailure::Instead(without) => without.clone(),
        _ => ViewFn::from(|| view! { <Loading/> }),
    };
    let body = move || {
        let (view, on_failure) = (view.clone(), on_failure.clone());
        Suspend::new(async move {
            let answer = resource.await;
            keep_focus();
            match answer {
                Ok(data) => Either::Left(view(data).into_any()),
                Err(error) => {
                    Either::Right(failed(error, on_failure, Callback::new(move |()| resource.refetch())))
                }
            }
        })
    };
    frame(ViewFn::from(move || body().into_any()), fallback)
}

/// Erased views take all attributes off an element and put them back when they are shown anew, and an element without
/// its `href` or `tabindex` loses the focus: give it back.
fn keep_focus() {
    if !is_browser() {
        return;
    }
    let Some(before) = document().active_element().and_then(|e| e.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    request_animation_frame(move || {
        let lost = document().active_element().is_none_or(|now| now.tag_name() == "BODY");
        if lost && before.is_connected() {
            let _ = before.focus();
        }
    });
}

/// Not generic, so that it is compiled once.
fn frame(body: ViewFn, fallback: ViewFn) -> AnyView {
    let (pending, set_pending) = signal(false);
    let shown = move || body.run();
    // In the browser only: on the server a task of its own would watch for it, outlive a page whose browser has gone, and panic.
    let transition = if is_browser() {
        view! { <Transition fallback=move || fallback.run() set_pending>{shown}</Transition> }.into_any()
    } else {
        view! { <Transition fallback=move || fallback.run()>{shown}</Transition> }.into_any()
    };
    view! { <div class="load" aria-busy=move || pending.get().then_some("true")>{transition}</div> }
        .into_any()
}

fn failed(error: AppError, shown: OnFailure, on_retry: Callback<()>) -> AnyView {
    let failure = error.into_failure();
    match shown {
        OnFailure::Notice => view! { <FailureView failure on_retry/> }.into_any(),
        OnFailure::Page => view! { <FailurePage failure on_retry/> }.into_any(),
        OnFailure::Nothing => ().into_any(),
        OnFailure::Instead(without) => without.run().into_any(),
    }
}
