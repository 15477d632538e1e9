//! Step 4: the cluster is brought to what is wanted.

use kube::ResourceExt;

use super::Done;
use super::build::Wanted;
use crate::api::names::MANAGER_TALK_NOTE;
use crate::controller::apply;
use crate::controller::context::Context;
use crate::controller::error::Error;

/// `uid` is the note's.
pub(super) async fn wanted(wanted: Wanted, uid: &str, ctx: &Context) -> Result<Done, Error> {
    match wanted {
        Wanted::Page { config_map, digest, diagnostics } => {
            apply::config_map(&config_map, MANAGER_TALK_NOTE, ctx).await?;
            Ok(Done::Published { config_map: config_map.name_any(), digest, diagnostics })
        }
        Wanted::NoPage { namespace, name, reason, message } => {
            apply::delete_config_map(&namespace, &name, uid, ctx).await?;
            Ok(Done::Hidden { reason, message })
        }
    }
}
