//! What is typed into addresses and arguments: turned into ids and filters, or refused, before any use case is asked.

use app::server_fns::{
    jobs::{Job, Jobs},
    organization::{AwsEffectivePolicy, EffectivePolicy, Target},
};
use leptos::server_fn::ServerFn;
use model::{Failure, FailureCode};
use serde_json::{Value, json};

use super::site::{EMAIL, PASSWORD, Running, start};

async fn refusal(site: &Running, path: &str, arguments: &Value) -> (u16, FailureCode) {
    let answer = site.post(path).json(arguments).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json::<Failure>().await.unwrap().code)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_text_that_cannot_be_an_id_names_nothing_and_a_wrong_condition_names_its_field() {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    for (path, arguments) in [
        (Target::PATH, json!({"id": "../etc"})),
        (EffectivePolicy::PATH, json!({"account": "r-abcd"})),
        (AwsEffectivePolicy::PATH, json!({"account": "12"})),
        (Job::PATH, json!({"kind": "sideways", "id": "x"})),
    ] {
        let (status, code) = refusal(&site, path, &arguments).await;
        assert!(status == 404 && matches!(code, FailureCode::NotFound { .. }), "{path}: {status} {code:?}");
    }
    let (status, code) = refusal(&site, Jobs::PATH, &json!({"query": "account=12"})).await;
    let FailureCode::Invalid { fields } = code else { panic!("{code:?}") };
    assert_eq!((status, fields[0].field.as_str()), (422, "account"));
}
