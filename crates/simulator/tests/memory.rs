//! The history of the scale organization is computed, not held: how far back somebody looks does not show in memory.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::SystemTime;

/// Jobs of a page, the most there are.
const PAGE: usize = 1000;

struct Simulator {
    child: Child,
    address: String,
}

impl Simulator {
    fn scale() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_simulator"));
        command.args(["--port", "0", "--organization", "scale"]).stdout(Stdio::piped());
        // One arena: what each of several keeps to itself depends on the machine.
        command.env("MALLOC_ARENA_MAX", "1");
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").expect("the address in its first line").to_owned();
        Self { child, address }
    }

    /// How many backup jobs the newest page before an instant has.
    fn page(&self, before: u64) -> usize {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let scope = "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261120/eu-west-1/backup/aws4_request";
        let path = format!("/backup-jobs?accountId=*&maxResults={PAGE}&createdBefore={before}");
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: simulator\r\nAuthorization: {scope}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{}", answer.get(..300).unwrap_or(&answer));
        answer.matches("\"BackupJobId\"").count()
    }

    /// Kibibytes at the peak so far.
    fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "the program beside it reads the real clock too")]
fn pages_of_a_whole_month_of_scale_need_no_more_memory_than_those_of_two_days() {
    let simulator = Simulator::scale();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let day = |back: u64| now - back * 86_400;
    assert!(simulator.page(day(0)) >= PAGE / 2 && simulator.page(day(1)) >= PAGE / 2);
    let near = simulator.peak();
    for back in (2..30).step_by(4) {
        assert!(simulator.page(day(back)) >= PAGE / 2);
    }
    let far = simulator.peak();
    // A day has some 23,000 jobs here: holding those of seven more would at least double it.
    assert!(far < near + near / 3, "{near} KiB after two days, {far} KiB after a month");
}
