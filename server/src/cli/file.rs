//! Files that commands read.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

/// The text of a file, or of standard input for `-`.
///
/// # Errors
/// Where it cannot be read.
pub fn read(file: &Path) -> io::Result<String> {
    if file != Path::new("-") {
        return fs::read_to_string(file);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map(|_| text)
}
