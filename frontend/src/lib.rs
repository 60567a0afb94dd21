//! WASM entry: hydrates the pages that the server rendered, nothing else.
