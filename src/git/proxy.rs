//! Proxies that stand between us and a server.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use tokio::net::TcpStream;
use tower::{Service, ServiceExt as _};
use url::Url;

use super::GitError;
use super::text::one_line;

/// Where a SOCKS proxy listens when nothing else is said.
const SOCKS_PORT: u16 = 1080;
/// Part of what the libraries say where a proxy does not let us in.
const REFUSALS: [&str; 3] = ["authorization required", "credentials not accepted", "user/pass"];

/// A proxy through which all connections of a visit go. Names of servers are looked up by it.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    address: Url,
    login: Option<(String, String)>,
}

impl Proxy {
    /// Checks the address: `http://host:port` (CONNECT), `https://host:port` or `socks5://host:port`.
    ///
    /// # Errors
    ///
    /// [`GitError::ProxyInvalid`]
    pub fn new(address: &str, login: Option<(String, String)>) -> Result<Self, GitError> {
        let invalid = |why| Err(GitError::ProxyInvalid(why));
        let address = match Url::parse(address) {
            Ok(url) if url.host_str().is_some_and(|host| !host.is_empty()) => url,
            _ => return invalid("address is not one such as http://proxy.example:3128"),
        };
        if !address.username().is_empty() || address.password().is_some() {
            return invalid("address holds credentials: put them into username and password");
        }
        if !matches!(address.scheme(), "http" | "https" | "socks5" | "socks5h") {
            return invalid("address has to begin with http://, https:// or socks5://");
        }
        Ok(Self { address, login })
    }

    /// The same for the client of HTTP.
    pub(super) fn for_http(&self) -> Result<reqwest::Proxy, GitError> {
        // There are two schemes for who looks up names; here it is always the proxy.
        let address = self.address.as_str();
        let address = match address.strip_prefix("socks5://") {
            Some(rest) => format!("socks5h://{rest}"),
            None => address.to_owned(),
        };
        let proxy = reqwest::Proxy::all(address)
            .map_err(|_| GitError::ProxyInvalid("address cannot be used"))?;
        Ok(match &self.login {
            Some((username, password)) => proxy.basic_auth(username, password),
            None => proxy,
        })
    }

    /// A connection to `host` that the proxy makes for us.
    pub(super) async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, GitError> {
        let to = uri(host, port)?;
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let name = self.address.host_str().unwrap_or_default();
        let at = |port| uri(name, self.address.port().unwrap_or(port));
        match self.address.scheme() {
            "http" => {
                let mut tunnel = Tunnel::new(at(80)?, connector);
                if let Some(login) = &self.login {
                    tunnel = tunnel.with_auth(basic(login)?);
                }
                let stream = tunnel.ready().await.map_err(failed)?.call(to).await;
                Ok(stream.map_err(failed)?.into_inner())
            }
            "https" => Err(GitError::ProxyInvalid(
                "one with an address of https:// carries no ssh: use http:// or socks5://",
            )),
            _ => {
                let mut socks = SocksV5::new(at(SOCKS_PORT)?, connector);
                if let Some((username, password)) = &self.login {
                    socks = socks.with_auth(username.clone(), password.clone());
                }
                let stream = socks.ready().await.map_err(failed)?.call(to).await;
                Ok(stream.map_err(failed)?.into_inner())
            }
        }
    }
}

/// The address is no secret, and an error may have to name it.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({})", self.address)
    }
}

/// Why there is no connection through a proxy, given what the first cause is.
pub(super) fn explain(cause: &str) -> GitError {
    if REFUSALS.iter().any(|refusal| cause.contains(refusal)) {
        return GitError::ProxyRefused;
    }
    GitError::ProxyFailed(one_line(cause))
}

fn failed<E: std::error::Error + 'static>(error: E) -> GitError {
    let first: &dyn std::error::Error = &error;
    let causes = std::iter::successors(Some(first), |cause| cause.source());
    let texts: Vec<String> = causes.map(ToString::to_string).collect();
    explain(&texts.join(": "))
}

fn uri(host: &str, port: u16) -> Result<http::Uri, GitError> {
    let brackets = host.contains(':') && !host.starts_with('[');
    let host = if brackets { format!("[{host}]") } else { host.to_owned() };
    let malformed = |_| GitError::InvalidUrl("its host cannot be asked of a proxy".to_owned());
    format!("http://{host}:{port}").parse().map_err(malformed)
}

/// As the client of HTTP writes it.
fn basic((username, password): &(String, String)) -> Result<HeaderValue, GitError> {
    let pair = STANDARD.encode(format!("{username}:{password}"));
    let invalid = |_| GitError::ProxyInvalid("username or password cannot be sent over HTTP");
    let mut value = HeaderValue::try_from(format!("Basic {pair}")).map_err(invalid)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_none_are_refused_and_not_repeated() {
        for address in [
            "",
            "proxy.example:3128",
            "http://",
            "ftp://proxy.example",
            "socks4://proxy.example",
            "http://anna:hunter2@proxy.example:3128",
        ] {
            let error = Proxy::new(address, None).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
        for address in ["http://proxy.example:3128", "socks5://[::1]:1080", "https://p.example"] {
            assert!(Proxy::new(address, None).is_ok(), "{address}");
        }
    }

    #[test]
    fn a_login_is_not_shown() {
        let login = Some(("anna".to_owned(), "hunter2".to_owned()));
        let proxy = Proxy::new("http://proxy.example:3128", login).unwrap();
        assert!(!format!("{proxy:?}").contains("hunter2"));
    }
}
