//! What was detached by turning the policy type off, and can be put back.

use leptos::prelude::*;
use model::{paths, settings::export::ExportHead};

use super::refused::Refused;
use crate::{
    components::{Card, Kind, LinkButton, Size, Time, icons},
    words::counted,
};

/// The exports, newest first; nothing where there is none.
#[component]
pub fn ExportsCard(
    exports: Vec<ExportHead>,
    /// Attachments of the newest that are missing today.
    missing: u64,
    #[prop(optional_no_strip)] refused: Refused,
) -> impl IntoView {
    let rows: Vec<_> = exports
        .into_iter()
        .enumerate()
        .map(|(n, export)| {
            let kind = if n == 0 && missing > 0 { Kind::Primary } else { Kind::Normal };
            let state = match (n, missing) {
                (0, 0) => "Nothing of it is missing today.".to_owned(),
                (0, missing) => format!("{} of it missing today.", counted(missing, "attachment")),
                _ => String::new(),
            };
            let about = format!("export {}", export.id);
            let href = format!("{}?put-back={}", paths::SETTINGS, export.id);
            view! {
                <li class="setting">
                    <div class="setting-text">
                        <h3>{counted(export.attachments, "attachment")}</h3>
                        <p class="muted">"Exported "<Time at=export.at/>" before "{export.by}" turned the policy type off. "{state}</p>
                    </div>
                    <div class="setting-action">
                        <LinkButton label="Download JSON" about=about.clone() href=paths::attachment_export(export.id) icon=icons::DOWNLOAD size=Size::Small reload=true/>
                        <LinkButton label="Put back" about href kind size=Size::Small disabled=refused.clone() stay=true/>
                    </div>
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! { <Card title="Detached attachments" flush=true id="exports"><ul class="settings-list plain">{rows}</ul></Card> }
    })
}
