//! Writing to a destination.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

use futures::FutureExt;
use model::audit::AuditRecord;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::spawn_blocking,
    time::{Instant, timeout},
};

use super::{
    Destination, Forward, syslog,
    tls::{self, Connection},
};

/// For connecting, and for writing what is sent at once.
const PATIENCE: Duration = Duration::from_secs(10);
/// Syslog knows no receipt. What a connection that still stands took so long ago has arrived, and so has what came before
/// more than the buffers on both sides hold.
const ON_ITS_WAY: Duration = Duration::from_secs(60);
const MOST_ON_ITS_WAY: usize = 8 * 1024 * 1024;
/// For the other side to take what was sent, at the end.
const FAREWELL: Duration = Duration::from_secs(5);

/// A destination, and the connection to it.
pub(super) struct Sender {
    forward: Forward,
    /// The destination as it is written.
    name: String,
    connection: Option<Connection>,
    unconfirmed: Unconfirmed,
}

/// What was written last on the connection, and may still be on its way: it comes first on the next one.
#[derive(Default)]
struct Unconfirmed(VecDeque<(Instant, Vec<u8>)>);

impl Unconfirmed {
    fn add(&mut self, bytes: Vec<u8>) {
        self.0.push_back((Instant::now(), bytes));
        let mut size: usize = self.0.iter().map(|(_, bytes)| bytes.len()).sum();
        while let Some((at, first)) = self.0.front()
            && (at.elapsed() > ON_ITS_WAY || (size > MOST_ON_ITS_WAY && self.0.len() > 1))
        {
            size -= first.len();
            self.0.pop_front();
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Sender {
    pub fn new(forward: Forward) -> Self {
        let name = forward.destination.to_string();
        Self { forward, name, connection: None, unconfirmed: Unconfirmed::default() }
    }

    /// The destination as it is written.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sends records; with none, looks whether what was sent before has to be sent again.
    ///
    /// # Errors
    /// Where they are not known to have been written whole: they are to be sent again then.
    pub async fn send(&mut self, records: &[AuditRecord]) -> io::Result<()> {
        let bytes = self.bytes(records)?;
        match self.forward.destination.clone() {
            Destination::Stdout if bytes.is_empty() => Ok(()),
            Destination::Stdout => spawn_blocking(move || to_stdout(&bytes)).await?,
            Destination::File(_) if bytes.is_empty() => Ok(()),
            Destination::File(path) => {
                let shown = path.display().to_string();
                let written = spawn_blocking(move || append(&path, &bytes)).await?;
                written.map_err(|error| io::Error::new(error.kind(), format!("{shown}: {error}")))
            }
            Destination::Syslog { host, port, tls } => {
                let sent = self.send_framed(&host, port, tls, bytes).await;
                sent.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", self.name)))
            }
        }
    }

    /// Ends the connection, once the other side has taken what was sent.
    pub async fn close(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let farewell = async {
            connection.shutdown().await?;
            let mut rest = [0; 512];
            while connection.read(&mut rest).await? > 0 {}
            Ok::<_, io::Error>(())
        };
        // Whoever does not answer has it from the next connection.
        let _ = timeout(FAREWELL, farewell).await;
    }

    fn bytes(&self, records: &[AuditRecord]) -> io::Result<Vec<u8>> {
        let framed = matches!(self.forward.destination, Destination::Syslog { .. });
        let mut bytes = Vec::new();
        for record in records {
            let json = serde_json::to_string(record)?;
            if framed {
                let frame = syslog::frame(record, &json, &self.forward.host, std::process::id());
                bytes.extend_from_slice(frame.as_bytes());
            } else {
                bytes.extend_from_slice(json.as_bytes());
                bytes.push(b'\n');
            }
        }
        Ok(bytes)
    }

    async fn send_framed(&mut self, host: &str, port: u16, tls: bool, bytes: Vec<u8>) -> io::Result<()> {
        if let Some(connection) = &mut self.connection
            && is_closed(connection)
        {
            self.connection = None;
        }
        let nothing = bytes.is_empty() && (self.connection.is_some() || self.unconfirmed.is_empty());
        if nothing {
            return Ok(());
        }
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect(host, port, tls).await?,
        };
        if !bytes.is_empty() {
            written(&mut connection, &bytes).await?;
            self.unconfirmed.add(bytes);
        }
        self.connection = Some(connection);
        Ok(())
    }

    /// A new connection, on which what is not known to have arrived was sent again.
    async fn connect(&self, host: &str, port: u16, tls: bool) -> io::Result<Connection> {
        let connecting = async {
            let tcp = TcpStream::connect((host, port)).await?;
            match (&self.forward.tls, tls) {
                (_, false) => Ok(Connection::Plain(tcp)),
                (Some(config), true) => tls::connect(config.clone(), host, tcp).await,
                (None, true) => Err(io::Error::other("TLS is not configured")),
            }
        };
        let mut connection = timeout(PATIENCE, connecting).await.map_err(|_| too_slow("connection"))??;
        for (_, bytes) in &self.unconfirmed.0 {
            written(&mut connection, bytes).await?;
        }
        Ok(connection)
    }
}

fn too_slow(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, format!("no {what} within {} seconds", PATIENCE.as_secs()))
}

async fn written(connection: &mut Connection, bytes: &[u8]) -> io::Result<()> {
    let writing = async {
        connection.write_all(bytes).await?;
        connection.flush().await
    };
    timeout(PATIENCE, writing).await.map_err(|_| too_slow("progress"))?
}

/// Whether the other side has ended the connection. Whatever else it says is of no interest.
fn is_closed(connection: &mut Connection) -> bool {
    let mut said = [0; 512];
    loop {
        match connection.read(&mut said).now_or_never() {
            None => return false,
            Some(Ok(0) | Err(_)) => return true,
            Some(Ok(_)) => (),
        }
    }
}

fn to_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Appends whole lines, and waits until they are on the disk. A line that a process left half written is ended first.
fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file: File =
        fs::OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    if file.metadata()?.is_file() && !ends_a_line(&mut file)? {
        file.write_all(b"\n")?;
    }
    file.write_all(bytes)?;
    match file.sync_data() {
        // A pipe has no disk.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        done => done,
    }
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_left_half_written_is_ended_before_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.jsonl");
        append(&path, b"{\"seq\":1}\n").unwrap();
        fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"seq\":2,").unwrap();
        append(&path, b"{\"seq\":2}\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"seq\":1}\n{\"seq\":2,\n{\"seq\":2}\n");
    }
}
