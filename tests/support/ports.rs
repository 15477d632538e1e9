//! Free ports of the loopback address.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::sync::Mutex;

use super::Result;

/// Below the ports that systems give to outgoing connections: one of those may be taken between our
/// look and the program's.
const PORTS: Range<u16> = 15_000..32_000;

/// A port that is free and that nobody in this process was given before.
///
/// # Errors
/// Where there is none.
pub fn free_port() -> Result<u16> {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut given = GIVEN.lock().expect("not poisoned");
    for _ in PORTS {
        let port = fastrand::u16(PORTS);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() && given.insert(port) {
            return Ok(port);
        }
    }
    Err(format!("none of the ports {PORTS:?} is free").into())
}
