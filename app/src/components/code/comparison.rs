//! Two texts side by side, folded to what differs.

use leptos::prelude::*;

use super::line_diff::{LinePair, LineRun, NumberedLine, compare_lines, fold_equal};
use crate::words::counted;

/// Signs of the lines that only the first, or only the second text has.
const LEFT: &str = "−";
const RIGHT: &str = "+";

/// Two texts side by side, line by line. Lines that only one of them has are marked; equal ones away from these are folded.
#[component]
pub fn Comparison(
    #[prop(into)] left: Signal<String>,
    #[prop(into)] right: Signal<String>,
    /// What is compared; spoken when the comparison is reached by keyboard to scroll it.
    label: &'static str,
    /// What each text is.
    heads: [String; 2],
    /// Spoken before a line that only the first, or only the second text has.
    words: [&'static str; 2],
) -> impl IntoView {
    let runs =
        Memo::new(move |_| left.with(|left| right.with(|right| fold_equal(&compare_lines(left, right)))));
    let runs = move || runs.get().into_iter().map(|lines| run(lines, words)).collect::<Vec<_>>();
    let [left, right] = heads;
    view! {
        <div class="compare" role="region" aria-label=label tabindex="0">
            <div class="compare-head">{head(left, LEFT)}{head(right, RIGHT)}</div>
            <div class="compare-rows">{runs}</div>
        </div>
    }
}

/// What a text is, with the sign of its lines: on narrow screens both stand below each other.
fn head(text: String, sign: &'static str) -> impl IntoView {
    view! { <span><span class="compare-sign" aria-hidden="true">{sign}</span>{text}</span> }
}

fn run(run: LineRun, words: [&'static str; 2]) -> AnyView {
    let rows = |lines: Vec<LinePair>| lines.into_iter().map(|pair| row(pair, words)).collect::<Vec<_>>();
    match run {
        LineRun::Shown(lines) => rows(lines).into_any(),
        LineRun::Folded(lines) => {
            let count = counted(lines.len() as u64, "equal line");
            view! { <details class="compare-fold"><summary>{count}</summary>{rows(lines)}</details> }
                .into_any()
        }
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
            {side(pair.left, LEFT, left)}
            {side(pair.right, RIGHT, right)}
        </div>
    }
    .into_any()
}
