//! What the SDK's own hooks tell of a request: how far it got, AWS's id of it, and whether a success is one.

use std::{cell::RefCell, future::Future};

use aws_sdk_organizations::operation::RequestId;
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{
                AfterDeserializationInterceptorContextRef, BeforeDeserializationInterceptorContextRef,
                BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
            },
        },
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// How far a request got.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    stage: Stage,
    /// AWS's id, once the head of an answer was there.
    pub(crate) request_id: Option<String>,
}

#[derive(Debug, Default, PartialEq)]
enum Stage {
    /// No hook was called: nothing is known.
    #[default]
    Unseen,
    /// Credentials and endpoint are being found, and the request signed.
    Preparing,
    /// Given to the connection.
    Sending,
}

tokio::task_local! {
    static PROGRESS: RefCell<Progress>;
}

impl Progress {
    /// Whether the request was certainly not given to a connection.
    pub(crate) fn is_unsent(&self) -> bool {
        self.stage == Stage::Preparing
    }
}

/// Runs a request, also one that is given up on the way, and tells how far it got.
pub(crate) async fn watched<F: Future>(request: F) -> (F::Output, Progress) {
    let watched = async {
        let output = request.await;
        (output, PROGRESS.with(RefCell::take))
    };
    PROGRESS.scope(RefCell::default(), watched).await
}

fn note(change: impl FnOnce(&mut Progress)) {
    // Outside of `watched` nobody asks.
    let _ = PROGRESS.try_with(|progress| change(&mut progress.borrow_mut()));
}

/// Notes the progress of requests. Belongs into every client.
#[derive(Debug)]
pub(crate) struct Watch;

impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "Watch"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        note(|progress| progress.stage = Stage::Preparing);
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        note(|progress| progress.stage = Stage::Sending);
        Ok(())
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        note(|progress| progress.request_id = context.response().request_id().map(str::to_owned));
        Ok(())
    }
}

/// Refuses a success whose body is neither empty nor looks like a JSON object: where an operation has no output, the SDK
/// does not look at the body, and would take the page of a proxy for AWS's word.
#[derive(Debug)]
pub(crate) struct JsonAnswers;

impl Intercept for JsonAnswers {
    fn name(&self) -> &'static str {
        "JsonAnswers"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default().trim_ascii();
        let readable = body.is_empty() || (body.starts_with(b"{") && body.ends_with(b"}"));
        if context.output_or_error().is_ok() && !readable {
            return Err("the answer is not JSON".into());
        }
        Ok(())
    }
}
