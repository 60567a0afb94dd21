//! The site's files: WASM, JavaScript glue, style, icons. A release binary holds them; a debug one reads `target/site` once, at start.
//!
//! Requests look names up in a table, so no path can leave it. Compressed forms were made when the site was built.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use app::pages::parts::PartFiles;
use axum::{
    Router,
    body::Bytes,
    extract,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};

/// Names below `pkg/` change with the content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// Held by a release binary; empty in a debug one.
const HELD: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/site_files.rs"));
/// Where the site is built.
const BUILT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/site");

/// All files of the site.
#[derive(Clone)]
pub struct Site {
    files: Arc<BTreeMap<String, File>>,
}

#[derive(Default)]
struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    etag: String,
}

impl Site {
    /// The site that was built with this binary, or beside it; empty if there is none.
    #[must_use]
    pub fn built() -> Self {
        if HELD.is_empty() {
            let mut files = Vec::new();
            read(Path::new(BUILT), "", &mut files);
            return Self::of(files);
        }
        Self::of(HELD.iter().map(|(name, content)| ((*name).to_owned(), Bytes::from_static(content))))
    }

    /// A site of named files; `name.br` and `name.gz` are the compressed forms of `name`.
    pub fn of(named: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let mut files: BTreeMap<String, File> = BTreeMap::new();
        for (name, content) in named {
            if let Some(name) = name.strip_suffix(".br") {
                files.entry(name.to_owned()).or_default().brotli = Some(content);
            } else if let Some(name) = name.strip_suffix(".gz") {
                files.entry(name.to_owned()).or_default().gzip = Some(content);
            } else {
                let etag =
                    format!("\"{}\"", hex::encode(Sha256::digest(&content).get(..12).unwrap_or_default()));
                let file = files.entry(name).or_default();
                (file.plain, file.etag) = (content, etag);
            }
        }
        Self { files: Arc::new(files) }
    }

    /// The folder that holds this build's WASM, glue and style: `pkg/` and a hash, or plain `pkg` as cargo-leptos lays it out.
    /// `None` where no site was built: pages work then, but are neither styled nor interactive.
    #[must_use]
    pub fn package(&self) -> Option<&str> {
        self.files.keys().find_map(|name| name.strip_suffix("/holdfast.js"))
    }

    /// What the pages of each part of the site need beside the rest, if the site was split.
    #[must_use]
    pub fn parts(&self) -> PartFiles {
        let Some(package) = self.package() else { return PartFiles::default() };
        let list = self.files.get(&format!("{package}/parts.json"));
        let parts = list.and_then(|list| serde_json::from_slice(&list.plain).ok()).unwrap_or_default();
        PartFiles::new(format!("/{package}"), parts)
    }

    /// A route for each file, and “not found” for packages of other builds.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let in_package = self.clone();
        let package = get(move |extract::Path(rest): extract::Path<String>, headers: HeaderMap| async move {
            in_package.answer(&format!("pkg/{rest}"), &headers)
        });
        let mut router = Router::new().route("/pkg/{*rest}", package);
        for name in self.files.keys().filter(|name| !name.starts_with("pkg/")) {
            let (site, name) = (self.clone(), name.clone());
            let path = format!("/{name}");
            router = router
                .route(&path, get(move |headers: HeaderMap| async move { site.answer(&name, &headers) }));
        }
        router
    }

    fn answer(&self, name: &str, asked: &HeaderMap) -> Response {
        let Some(file) = self.files.get(name) else { return StatusCode::NOT_FOUND.into_response() };
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, if name.starts_with("pkg/") { FOR_EVER } else { FOR_AN_HOUR });
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        let (encoding, content) = file.best(asked);
        // One tag for each encoded form: they are different bytes.
        let etag = file.etag.replacen('"', &format!("\"{}", encoding.unwrap_or_default()), 1);
        let known = asked.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
        if let Ok(etag) = etag.parse() {
            headers.insert(ETAG, etag);
        }
        if known {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        if let Ok(mime) = mime_guess::from_path(name).first_or_octet_stream().as_ref().parse() {
            headers.insert(CONTENT_TYPE, mime);
        }
        (headers, content).into_response()
    }
}

impl File {
    /// The smallest form that the browser takes.
    fn best(&self, asked: &HeaderMap) -> (Option<&'static str>, Bytes) {
        let forms = [("br", &self.brotli), ("gzip", &self.gzip)];
        let found = forms.into_iter().find(|(name, form)| form.is_some() && accepts(asked, name));
        match found {
            Some((name, Some(content))) => (Some(name), content.clone()),
            _ => (None, self.plain.clone()),
        }
    }
}

fn read(folder: &Path, prefix: &str, files: &mut Vec<(String, Bytes)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else if let Ok(content) = fs::read(&path) {
            files.push((name, content.into()));
        }
    }
}

/// Whether `Accept-Encoding` names an encoding, with a weight other than zero.
fn accepts(asked: &HeaderMap, encoding: &str) -> bool {
    let values = asked.get_all(ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|offer| {
        let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse::<f32>() == Ok(0.0));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(encodings: &str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, encodings.parse().unwrap())])
    }

    fn site() -> Site {
        let file = |name: &str, text: &'static str| (name.to_owned(), Bytes::from(text));
        Site::of([
            file("pkg/0123/holdfast.js", "plain"),
            file("pkg/0123/holdfast.js.br", "b"),
            file("pkg/0123/holdfast.js.gz", "g"),
            file("pkg/0123/parts.json", "{\"audit\":[\"chunk.wasm\",\"audit.wasm\"]}"),
            file("favicon.svg", "<svg/>"),
        ])
    }

    fn encoding(response: &Response) -> Option<&str> {
        response.headers().get(CONTENT_ENCODING).map(|v| v.to_str().unwrap())
    }

    #[test]
    fn the_smallest_accepted_form_is_sent() {
        for (asked, sent) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip;q=0.8, br;q=0", Some("gzip")),
            ("identity", None),
            ("", None),
        ] {
            let answer = site().answer("pkg/0123/holdfast.js", &asking(asked));
            assert_eq!(encoding(&answer), sent, "{asked}");
            assert_eq!(answer.headers()[CONTENT_TYPE], "text/javascript");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        let cached = |name: &str| site().answer(name, &HeaderMap::new()).headers()[CACHE_CONTROL].clone();
        assert_eq!(cached("pkg/0123/holdfast.js"), FOR_EVER);
        assert_eq!(cached("favicon.svg"), FOR_AN_HOUR);
        assert_eq!(site().package(), Some("pkg/0123"));
    }

    #[test]
    fn a_page_names_the_files_of_its_part_and_no_other_page_does() {
        let parts = site().parts();
        assert_eq!(parts.of("/audit"), ["/pkg/0123/audit.wasm", "/pkg/0123/chunk.wasm"]);
        assert!(parts.of("/jobs").is_empty());
        assert!(Site::of([]).parts().of("/audit").is_empty());
    }

    #[test]
    fn a_form_that_the_browser_has_is_not_sent_again() {
        let first = site().answer("favicon.svg", &HeaderMap::new());
        let asked = HeaderMap::from_iter([(IF_NONE_MATCH, first.headers()[ETAG].clone())]);
        assert_eq!(site().answer("favicon.svg", &asked).status(), StatusCode::NOT_MODIFIED);
        let other_form = site().answer("pkg/0123/holdfast.js", &asking("br"));
        assert_ne!(
            other_form.headers()[ETAG],
            site().answer("pkg/0123/holdfast.js", &asking("gzip")).headers()[ETAG]
        );
    }
}
