//! `talknotes healthcheck` against a server that answers once.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::workspace::Workspace;

/// The URL of a server that answers one request with `status` and `text`.
fn server(status: &'static str, text: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/readyz", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut visitor, _) = listener.accept().unwrap();
        let _ = visitor.read(&mut [0; 1024]).unwrap();
        let length = text.len();
        write!(visitor, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{text}").unwrap();
    });
    url
}

#[test]
fn a_success_is_silent() {
    let url = server("200 OK", "ok\n");
    assert_eq!(Workspace::new().run(&["healthcheck", &url]).exits(0).says_nothing().stdout(), "");
}

#[test]
fn a_failure_says_what_the_server_said() {
    let url = server("503 Service Unavailable", "the watch of configmaps is not established\n");
    Workspace::new()
        .run(&["healthcheck", &url])
        .exits(1)
        .says(&["503 Service Unavailable", "the watch of configmaps is not established"]);
}

#[test]
fn nobody_there_is_a_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    Workspace::new().run(&["healthcheck", &url]).exits(1).says(&["onnect"]);
}
