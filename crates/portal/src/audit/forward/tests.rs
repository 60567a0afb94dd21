use std::{fs, io, path::Path, sync::Arc};

use model::{
    audit::{AuditAction, AuditRecord},
    change::Named,
};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use store::{Actor, HeadDue, NewAudit, testing::TestDatabase};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::*;
use crate::audit::tests::{NOW, portal_on};

async fn write(db: &TestDatabase, count: usize) {
    for n in 0..count {
        let actor = Actor { person: format!("ada{n}@example.com"), ..Actor::default() };
        let subject = Named::new("p-1", "Täglich\n<110>1 forged");
        let event = NewAudit { subject, ..NewAudit::done(actor, AuditAction::PolicyEdited) };
        db.store.append_audit(&event, NOW).await.unwrap();
    }
}

fn to(destination: &str) -> Forward {
    let host = "backup.example.com".to_owned();
    Forward { destination: destination.parse().unwrap(), tls: None, host }
}

/// Takes turns until there is nothing to send.
async fn send_all(portal: &Portal, sender: &mut Sender) {
    while turn(portal, sender).await.unwrap() == Turn::Sent {}
}

fn seqs(records: &[AuditRecord]) -> Vec<(char, i64)> {
    let named = |record: &AuditRecord| match record {
        AuditRecord::Event(event) => ('e', event.seq),
        AuditRecord::Head(head) => ('h', head.seq),
    };
    records.iter().map(named).collect()
}

fn lines(path: &Path) -> Vec<AuditRecord> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Messages with their length before them; answers the headers and what they carry.
async fn read_frames(from: &mut (impl AsyncRead + Unpin), count: usize) -> Vec<(String, AuditRecord)> {
    let mut frames = Vec::new();
    while frames.len() < count {
        let mut length = String::new();
        loop {
            match from.read_u8().await.unwrap() {
                b' ' => break,
                digit => length.push(char::from(digit)),
            }
        }
        let mut message = vec![0; length.parse().unwrap()];
        from.read_exact(&mut message).await.unwrap();
        let message = String::from_utf8(message).unwrap();
        let (header, json) = message.split_once(" - {").unwrap();
        frames.push((header.to_owned(), serde_json::from_str(&format!("{{{json}")).unwrap()));
    }
    frames
}

/// A syslog server over TLS, and the authority that it is known by.
struct Server {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    folder: tempfile::TempDir,
}

impl Server {
    async fn start() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ca.pem"), made.cert.pem()).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { listener, acceptor: TlsAcceptor::from(Arc::new(config)), folder }
    }

    fn forward(&self) -> Forward {
        let port = self.listener.local_addr().unwrap().port();
        let tls = tls_roots(Some(&self.folder.path().join("ca.pem"))).unwrap();
        Forward { tls: Some(tls), ..to(&format!("syslog+tls://localhost:{port}")) }
    }

    async fn accept(&self) -> TlsStream<TcpStream> {
        let (tcp, _) = self.listener.accept().await.unwrap();
        self.acceptor.accept(tcp).await.unwrap()
    }
}

#[tokio::test]
async fn a_file_has_every_event_and_head_once_in_order_also_after_a_restart() {
    let db = store::testing::database().await;
    let portal = portal_on(&db).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let destination = format!("file:{}", path.display());
    write(&db, 2).await;
    portal.seal_audit(HeadDue::NewEvents).await.unwrap().unwrap();
    write(&db, 1).await;
    send_all(&portal, &mut Sender::new(to(&destination))).await;
    assert_eq!(seqs(&lines(&path)), [('e', 1), ('e', 2), ('e', 3), ('h', 2)]);
    // Another process, with more than goes at once.
    write(&db, 450).await;
    portal.seal_audit(HeadDue::NewEvents).await.unwrap().unwrap();
    send_all(&portal_on(&db).await, &mut Sender::new(to(&destination))).await;
    let sent = lines(&path);
    let events: Vec<i64> = seqs(&sent).iter().filter(|(kind, _)| *kind == 'e').map(|(_, seq)| *seq).collect();
    assert_eq!(events, (1..=453).collect::<Vec<_>>());
    assert_eq!(seqs(&sent).last(), Some(&('h', 453)));
    // A row carries what proves it, and its text as it was written.
    let AuditRecord::Event(second) = &sent[1] else { panic!() };
    let AuditRecord::Event(first) = &sent[0] else { panic!() };
    assert_eq!(
        (second.previous_hash == first.hash, second.subject.name.as_str()),
        (true, "Täglich\n<110>1 forged")
    );
    let state = db.store.audit_forwarding(&destination).await.unwrap().unwrap();
    assert_eq!((state.behind, state.problem, state.sent_at), (0, None, Some(NOW)));
}

#[tokio::test]
async fn what_was_forwarded_finds_a_list_that_was_written_anew() {
    let db = store::testing::database().await;
    let portal = portal_on(&db).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    write(&db, 3).await;
    send_all(&portal, &mut Sender::new(to(&format!("file:{}", path.display())))).await;
    let mut kept = crate::audit::Kept::default();
    kept.read(io::BufReader::new(fs::File::open(&path).unwrap())).unwrap();
    let found = crate::audit::verify(&db.store, &[], &kept, |_, _| ()).await.unwrap();
    assert!(matches!(found, crate::audit::Verdict::Whole(whole) if (whole.kept, whole.proven) == (3, 3)));
    let anew = "UPDATE audit_events SET person = 'eve' WHERE seq = 3;
        UPDATE audit_events e SET hash = audit_hash(e) WHERE seq = 3";
    db.as_owner(&["audit_events"], anew).await;
    let found = crate::audit::verify(&db.store, &[], &kept, |_, _| ()).await.unwrap();
    let crate::audit::Verdict::Broken(fault) = found else { panic!("{found:?}") };
    assert_eq!(fault.seq(), 3, "{fault}");
}

#[tokio::test]
async fn a_syslog_server_over_tls_gets_framed_messages_of_rfc_5424() {
    let (db, server) = (store::testing::database().await, Server::start().await);
    let portal = portal_on(&db).await;
    write(&db, 2).await;
    let mut sender = Sender::new(server.forward());
    let (mut stream, ()) = tokio::join!(server.accept(), send_all(&portal, &mut sender));
    let frames = read_frames(&mut stream, 2).await;
    let records: Vec<_> = frames.iter().map(|(_, record)| record.clone()).collect();
    assert_eq!(seqs(&records), [('e', 1), ('e', 2)]);
    let process = std::process::id();
    let header = format!("<109>1 2026-11-20T08:00:00Z backup.example.com holdfast {process} policy_edited");
    assert_eq!(frames[0].0, header);
    // The next ones come on the same connection.
    write(&db, 1).await;
    send_all(&portal, &mut sender).await;
    assert_eq!(read_frames(&mut stream, 1).await.len(), 1);
    // The end waits until the other side has read it.
    let rest = async {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        drop(stream);
        rest
    };
    let ((), rest) = tokio::join!(sender.close(), rest);
    assert!(rest.is_empty());
}

#[tokio::test]
async fn what_a_broken_connection_may_have_lost_comes_again_on_the_next() {
    let (db, server) = (store::testing::database().await, Server::start().await);
    let portal = portal_on(&db).await;
    write(&db, 2).await;
    let mut sender = Sender::new(server.forward());
    let (mut stream, ()) = tokio::join!(server.accept(), send_all(&portal, &mut sender));
    // It reads one, and dies.
    assert_eq!(read_frames(&mut stream, 1).await.len(), 1);
    drop(stream);
    let again = async {
        let mut stream = server.accept().await;
        read_frames(&mut stream, 2).await
    };
    // Nothing new is needed for that. The end of the connection takes its time to arrive.
    let sent_again = async {
        loop {
            assert_eq!(turn(&portal, &mut sender).await.unwrap(), Turn::Idle);
            tokio::task::yield_now().await;
        }
    };
    let frames = tokio::select! {
        frames = again => frames,
        () = sent_again => unreachable!(),
    };
    let records: Vec<_> = frames.into_iter().map(|(_, record)| record).collect();
    assert_eq!(seqs(&records), [('e', 1), ('e', 2)]);
}

#[tokio::test]
async fn a_server_that_is_not_the_one_gets_nothing_and_that_is_told() {
    let (db, server, other) =
        (store::testing::database().await, Server::start().await, Server::start().await);
    let portal = portal_on(&db).await;
    write(&db, 1).await;
    let forward = Forward { tls: other.forward().tls, ..server.forward() };
    let name = forward.destination.to_string();
    let mut sender = Sender::new(forward);
    let accepting = async {
        let (tcp, _) = server.listener.accept().await.unwrap();
        server.acceptor.accept(tcp).await.is_err()
    };
    let (refused, turned) = tokio::join!(accepting, turn(&portal, &mut sender));
    assert!(refused && turned.is_err());
    let state = db.store.audit_forwarding(&name).await.unwrap().unwrap();
    let problem = state.problem.unwrap();
    assert_eq!((state.behind, problem.since, state.sent_at), (1, NOW, None));
    assert!(problem.reason.contains("certificate"), "{}", problem.reason);
    // Once it is the one, all of it comes.
    let mut sender = Sender::new(server.forward());
    let (mut stream, ()) = tokio::join!(server.accept(), send_all(&portal, &mut sender));
    assert_eq!(read_frames(&mut stream, 1).await.len(), 1);
    let state = db.store.audit_forwarding(&name).await.unwrap().unwrap();
    assert_eq!((state.behind, state.problem), (0, None));
}

#[tokio::test]
async fn one_process_at_a_time_has_the_turn() {
    let db = store::testing::database().await;
    let (one, other) = (portal_on(&db).await, portal_on(&db).await);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let destination = format!("file:{}", path.display());
    write(&db, 1).await;
    db.store.begin_forwarding(&destination).await.unwrap();
    let held = db.store.forward_turn(&destination).await.unwrap().unwrap();
    assert_eq!(turn(&other, &mut Sender::new(to(&destination))).await.unwrap(), Turn::Idle);
    drop(held);
    let (mut first, mut second) = (Sender::new(to(&destination)), Sender::new(to(&destination)));
    write(&db, 600).await;
    // The turn of a process that died is free once the database has noticed.
    while lines_or_none(&path) < 601 {
        let (a, b) = tokio::join!(turn(&one, &mut first), turn(&other, &mut second));
        let _ = (a.unwrap(), b.unwrap());
    }
    let sent: Vec<i64> = seqs(&lines(&path)).into_iter().map(|(_, seq)| seq).collect();
    assert_eq!(sent, (1..=601).collect::<Vec<_>>(), "in order, and none twice");
}

fn lines_or_none(path: &Path) -> usize {
    fs::read_to_string(path).map_or(0, |text| text.lines().count())
}
