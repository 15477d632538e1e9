//! A proxy on a free port of the loopback: HTTP CONNECT or SOCKS5, with a login or without. It writes
//! down where it is asked to connect to.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::io::{AsyncBufReadExt as _, copy_bidirectional};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Connect,
    Socks5,
}

/// A running proxy. Dropping it ends it and all connections through it.
pub struct Proxy {
    kind: Kind,
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    kind: Kind,
    login: Option<(String, String)>,
    targets: Mutex<Vec<String>>,
    closing: CancellationToken,
}

impl Proxy {
    pub fn start(kind: Kind, login: Option<(&str, &str)>) -> Self {
        let login = login.map(|(user, password)| (user.to_owned(), password.to_owned()));
        let (targets, closing) = Default::default();
        let shared = Arc::new(Shared { kind, login, targets, closing });
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().unwrap();
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("proxy".to_owned())
            .spawn(move || serve(listener, served))
            .expect("a thread for the proxy");
        Self { kind, address, shared, thread: Some(thread) }
    }

    /// As a Secret has it.
    pub fn address(&self) -> String {
        let scheme = if self.kind == Kind::Connect { "http" } else { "socks5" };
        format!("{scheme}://{}", self.address)
    }

    /// `host:port` of each connection that it made.
    pub fn targets(&self) -> Vec<String> {
        self.shared.targets.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.closing.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(listener: std::net::TcpListener, shared: Arc<Shared>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let accept = async {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    // Visitors may leave whenever they like.
                    let _ = match shared.kind {
                        Kind::Connect => connect(stream, &shared).await,
                        Kind::Socks5 => socks(stream, &shared).await,
                    };
                });
            }
        };
        tokio::select! {
            () = accept => {}
            () = shared.closing.cancelled() => {}
        }
    });
}

async fn join(
    stream: &mut TcpStream,
    target: String,
    shared: &Shared,
    yes: &[u8],
    no: &[u8],
) -> std::io::Result<()> {
    shared.targets.lock().unwrap().push(target.clone());
    match TcpStream::connect(target).await {
        Ok(mut server) => {
            stream.write_all(yes).await?;
            copy_bidirectional(stream, &mut server).await?;
            Ok(())
        }
        Err(_) => stream.write_all(no).await,
    }
}

async fn connect(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).await? <= 2 {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let login = shared.login.as_ref().map(|(user, password)| {
        // Kubernetes writes bytes as base64.
        let pair = k8s_openapi::ByteString(format!("{user}:{password}").into_bytes());
        format!("Basic {}", serde_json::to_value(pair).unwrap().as_str().unwrap())
    });
    let shown = head.iter().filter_map(|line| line.split_once(": "));
    let mut shown = shown.filter(|(name, _)| name.eq_ignore_ascii_case("proxy-authorization"));
    let mut stream = reader.into_inner();
    if login.is_some() && login.as_deref() != shown.next().map(|(_, value)| value) {
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
        return stream.write_all(refusal.as_bytes()).await;
    }
    let mut words = head[0].split(' ');
    if words.next() != Some("CONNECT") {
        return stream.write_all(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n").await;
    }
    let target = words.next().unwrap().to_owned();
    let no = b"HTTP/1.1 502 Bad Gateway\r\n\r\n";
    join(&mut stream, target, shared, b"HTTP/1.1 200 OK\r\n\r\n", no).await
}

async fn socks(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await?;
    let methods = read(&mut stream, head[1].into()).await?;
    let method = if shared.login.is_some() { 2 } else { 0 };
    if !methods.contains(&method) {
        return stream.write_all(&[5, 0xff]).await;
    }
    stream.write_all(&[5, method]).await?;
    if let Some((user, password)) = &shared.login {
        stream.read_exact(&mut head).await?;
        let shown_user = read(&mut stream, head[1].into()).await?;
        let length = stream.read_u8().await?;
        let shown = read(&mut stream, length.into()).await?;
        let is_right = shown_user == user.as_bytes() && shown == password.as_bytes();
        stream.write_all(&[1, u8::from(!is_right)]).await?;
        if !is_right {
            return Ok(());
        }
    }
    let request = read(&mut stream, 4).await?;
    let host = match request[3] {
        1 => Ipv4Addr::from(<[u8; 4]>::try_from(read(&mut stream, 4).await?).unwrap()).to_string(),
        _ => {
            let length = stream.read_u8().await?;
            String::from_utf8(read(&mut stream, length.into()).await?).unwrap()
        }
    };
    let port = stream.read_u16().await?;
    let answer = |code| [5, code, 0, 1, 0, 0, 0, 0, 0, 0];
    join(&mut stream, format!("{host}:{port}"), shared, &answer(0), &answer(5)).await
}

async fn read(stream: &mut TcpStream, count: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}
