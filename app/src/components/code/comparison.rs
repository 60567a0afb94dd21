//! Two texts side by side.

use leptos::prelude::*;

use super::line_diff::{LinePair, NumberedLine};

/// Two texts side by side, line by line; lines that only one of them has are marked.
#[component]
pub fn Comparison(
    #[prop(into)] lines: Signal<Vec<LinePair>>,
    /// What is compared; spoken when the comparison is reached by keyboard to scroll it.
    label: &'static str,
    /// What each text is.
    heads: [String; 2],
    /// Spoken before a line that only the first, or only the second text has.
    words: [&'static str; 2],
) -> impl IntoView {
    let [left, right] = heads;
    let rows = move || lines.get().into_iter().map(|pair| row(pair, words)).collect::<Vec<_>>();
    view! {
        <div class="compare" role="region" aria-label=label tabindex="0">
            <div class="compare-head"><span>{left}</span><span>{right}</span></div>
            <div class="compare-rows">{rows}</div>
        </div>
    }
}

fn row(pair: LinePair, words: [&'static str; 2]) -> AnyView {
    let [left, right] = words;
    let same = pair.same();
    let side = |side: Option<NumberedLine>, sign: &'static str, word: &'static str| {
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
            {side(pair.left, "−", left)}
            {side(pair.right, "+", right)}
        </div>
    }
    .into_any()
}
