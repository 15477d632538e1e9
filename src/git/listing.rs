//! What references a remote has (`git ls-remote`).

use gix::progress::Discard;
use gix::protocol::fetch::refmap::init::Context;
use gix::protocol::handshake::Ref;
use gix::protocol::transport::Service;
use gix::refspec::parse::Operation;

use super::deadline::Deadline;
use super::url::Server;
use super::visit::Visit;
use super::{Access, GitError};

/// The remote's references that begin with one of `names`; all of them where the server cannot select.
pub(super) fn list(
    server: &Server,
    access: &Access,
    names: &[&str],
    deadline: Deadline,
) -> Result<Vec<Ref>, GitError> {
    let (visit, mut transport) = Visit::open(server, access, deadline)?;
    let mut ask = || -> gix::Result<Vec<Ref>> {
        let mut handshake = gix::protocol::handshake(
            &mut transport,
            Service::UploadPack,
            no_more_credentials,
            Vec::new(),
            &mut Discard,
        )?;
        let mut fetch_refspecs = Vec::new();
        for name in names {
            // What ends with a slash stands for all that is below it.
            let below = name.ends_with('/').then(|| format!("{name}*:{name}*"));
            let spec = below.unwrap_or_else(|| (*name).to_owned());
            let spec = gix::refspec::parse(spec.as_str().into(), Operation::Fetch)?;
            fetch_refspecs.push(spec.to_owned());
        }
        let context = Context { fetch_refspecs, extra_refspecs: Vec::new() };
        let map = handshake
            .prepare_lsrefs_or_extract_refmap(agent(), true, context)?
            .fetch_blocking(Discard, &mut transport, false)?;
        Ok(map.remote_refs)
    };
    ask().map_err(|error| visit.explain(&error))
}

fn agent() -> (&'static str, Option<String>) {
    ("agent", Some(concat!("talknotes/", env!("CARGO_PKG_VERSION")).to_owned()))
}

/// Credentials are sent with the first request, so that there is nothing to add when the server asks.
/// It also keeps the git library from asking the helpers of the user's configuration.
pub(super) fn no_more_credentials(
    _: gix::credentials::helper::Action,
) -> gix::Result<Option<gix::credentials::protocol::Outcome>> {
    Ok(None)
}
