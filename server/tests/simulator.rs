//! `holdfast simulator`: the simulated AWS alone, for whoever points a client of AWS at it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// A running program, ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_simulator_says_where_it_listens_and_answers_there() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdfast"));
    let mut running =
        Running(command.args(["simulator", "--port", "0"]).stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut stream = TcpStream::connect(line.trim().strip_prefix("http://").unwrap()).unwrap();
    let form = "Action=GetCallerIdentity&Version=2011-06-15";
    let head = format!(
        "POST / HTTP/1.1\r\nHost: aws\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        form.len()
    );
    stream.write_all(format!("{head}{form}").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("<GetCallerIdentityResult>"), "{answer}");
}
