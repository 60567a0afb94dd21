//! Two texts side by side: a line of them.

use leptos::prelude::*;

use super::comparison::Row;

/// One line of both texts. `words` are spoken before a line that only the first, or only the second has.
pub fn compare_row(row: Row, words: [&'static str; 2]) -> AnyView {
    let [left, right] = words;
    let same = row.same();
    let side = |side: Option<(usize, String)>, sign: &'static str, word: &'static str| {
        let mark = (!same && side.is_some()).then_some(sign);
        let (number, text) = side.map_or((String::new(), String::new()), |(n, text)| (n.to_string(), text));
        view! {
            <span class="compare-side" data-mark=mark>
                <span class="compare-number">{number}</span>
                <span class="compare-sign" aria-hidden="true">{mark}</span>
                {mark.map(|_| view! { <span class="visually-hidden">{word}</span> })}
                <code>{text}</code>
            </span>
        }
    };
    view! {
        <div class="compare-row" data-same=same>
            {side(row.left, "−", left)}
            {side(row.right, "+", right)}
        </div>
    }
    .into_any()
}
