//! Rows of a list that break AWS's own rules: one of them must not cost the others of its page.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{FinalizerInterceptorContextMut, Output},
        },
        orchestrator::HttpResponse,
        runtime_components::RuntimeComponents,
        ser_de::{DeserializeResponse, SharedResponseDeserializer},
    },
};
use aws_smithy_types::{body::SdkBody, config_bag::ConfigBag};
use model::job::{Job, lists::OddRow};
use serde_json::{Map, Value, json};

use super::page::JobPage;
use crate::{answer::Page, error::AwsError, operation::Op};

/// A member of a row that keeps it from being read.
#[derive(Debug)]
pub(super) struct OddMember {
    pub member: &'static str,
    pub why: String,
}

impl OddMember {
    /// The same in the answer about one job.
    pub fn in_answer(self, op: Op) -> AwsError {
        AwsError::unexpected(op.row().name, format!("{} {}", self.member, self.why))
    }
}

/// Reads a page that the SDK refuses because members of some rows are of another JSON type: those members are left out, by
/// the SDK's own reading, and told.
#[derive(Clone, Debug)]
pub(super) struct MendRows {
    /// Member of the answer that holds the rows.
    list: &'static str,
    /// Member of a row that holds its id.
    id: &'static str,
    odd: Arc<Mutex<Vec<OddRow>>>,
}

impl MendRows {
    pub fn new(list: &'static str, id: &'static str) -> Self {
        Self { list, id, odd: Arc::default() }
    }

    /// Reads a page row by row; what cannot be read is told beside the others.
    pub fn job_page<T>(
        &self,
        page: Page<T>,
        id: impl Fn(&T) -> Option<String>,
        read: impl Fn(T) -> Result<Job, OddMember>,
    ) -> JobPage {
        let mut odd = self.odd.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut rows = Vec::with_capacity(page.rows.len());
        for row in page.rows {
            let id = id(&row);
            match read(row) {
                Ok(mut job) => {
                    // Left out is not the same as absent.
                    let has_odd_creator =
                        |o: &OddRow| o.member == "CreatedBy" && o.id.as_deref() == Some(&job.id);
                    if odd.iter().any(has_odd_creator) {
                        job.planned = None;
                    }
                    rows.push(job);
                }
                Err(OddMember { member, why }) => {
                    // What was left out of a row that is lost does not matter, unless it is what cannot be done without.
                    odd.retain(|o: &OddRow| id.is_none() || o.id != id || o.member == member);
                    match odd.iter_mut().find(|o| o.id.is_some() && o.id == id) {
                        Some(left_out) => left_out.kept = false,
                        None => odd.push(OddRow::lost(id, member, why)),
                    }
                }
            }
        }
        JobPage { rows, odd, next: page.next }
    }

    /// What the SDK reads once odd members are gone; `None` where that is not what is wrong.
    fn mended(&self, response: &HttpResponse, cfg: &ConfigBag) -> Option<(Output, Vec<OddRow>)> {
        let deserializer = cfg.load::<SharedResponseDeserializer>()?;
        let read = |body: &Value| {
            let response = HttpResponse::new(response.status(), SdkBody::from(body.to_string()));
            deserializer.deserialize_nonstreaming_with_config(&response, cfg).ok()
        };
        let reads_row = |row: Value| read(&json!({ self.list: [row] })).is_some();
        let mut body: Map<String, Value> = serde_json::from_slice(response.body().bytes()?).ok()?;
        let rows = std::mem::take(body.get_mut(self.list)?.as_array_mut()?);
        let (mut good, mut odd) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in rows {
            if reads_row(row.clone()) {
                good.push(row);
                continue;
            }
            let Value::Object(members) = row else {
                odd.push(OddRow::lost(None, "row", format!("is {}", json_type(&row))));
                continue;
            };
            let id = members.get(self.id).and_then(Value::as_str).map(str::to_owned);
            let mut kept = Map::new();
            for (name, value) in members {
                if reads_row(json!({ name.as_str(): value })) {
                    kept.insert(name, value);
                } else {
                    let why = format!("is {}, which is not AWS's form", json_type(&value));
                    odd.push(OddRow { kept: true, ..OddRow::lost(id.clone(), &name, why) });
                }
            }
            good.push(Value::Object(kept));
        }
        body.insert(self.list.to_owned(), Value::Array(good));
        if odd.is_empty() { None } else { Some((read(&Value::Object(body))?, odd)) }
    }
}

impl Intercept for MendRows {
    fn name(&self) -> &'static str {
        "MendRows"
    }

    fn modify_before_attempt_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let failed = matches!(context.output_or_error(), Some(Err(_)));
        let answered = context.response().filter(|response| failed && response.status().is_success());
        let Some((output, odd)) = answered.and_then(|response| self.mended(response, cfg)) else {
            return Ok(());
        };
        if let Some(place) = context.output_or_error_mut() {
            *place = Ok(output);
            *self.odd.lock().unwrap_or_else(PoisonError::into_inner) = odd;
        }
        Ok(())
    }
}

const fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
