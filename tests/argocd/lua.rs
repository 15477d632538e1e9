//! Our Lua as Argo CD's own code runs it, on fixtures in Argo CD's own format.

use std::path::Path;
use std::process::Command;

use crate::support::Result;
use crate::support::argocd::{PROGRAMS, component};

/// The program of ours that is a part of the same binary; its arguments are to be added.
pub fn program() -> Result<Command> {
    let mut command = Command::new(PROGRAMS.find_or_build()?.join("argocd"));
    command.env("ARGOCD_BINARY_NAME", "argocd-lua");
    Ok(command)
}

#[test]
fn the_lua_gives_health_and_actions_as_the_fixtures_say() -> Result {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/argocd/fixtures");
    let settings = component().join("argocd-cm.yaml");
    let output = program()?.arg("test").arg(settings).arg(fixtures).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    for kind in ["NoteRepository", "Summit", "TalkNote", "Viewer"] {
        assert!(said.contains(&format!("{kind}/testdata/stalled.yaml")), "{said}");
    }
    Ok(())
}
