//! The commands that need a cluster, without one.

use std::net::TcpListener;

use serde_json::json;

use crate::support::access::write_kubeconfig;
use crate::workspace::Workspace;

/// A folder with the kubeconfig `config` of a cluster at `server`.
fn with_cluster(server: &str) -> Workspace {
    let folder = Workspace::new();
    let (cluster, user) = (json!({ "server": server }), json!({ "token": "hunter2" }));
    write_kubeconfig(&folder.path().join("config"), &cluster, &user).unwrap();
    folder
}

/// An address at which nobody answers: the listener that had it is gone.
fn nobody() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn without_a_kubeconfig_the_way_to_one_is_told() {
    for command in ["controller", "viewer"] {
        Workspace::new().run(&[command]).exits(1).prints_nothing().says(&[
            "error: no cluster to talk to",
            "--kubeconfig",
            "$KUBECONFIG",
            "no-kubeconfig",
        ]);
    }
}

#[test]
fn a_kubeconfig_that_cannot_be_used_is_named() {
    let folder = with_cluster("https://127.0.0.1:1");
    folder.write("broken", "contexts: [");
    for command in ["controller", "viewer"] {
        let with = |options: &[&str]| folder.run(&[&[command], options].concat()).exits(1);
        with(&["--kubeconfig", "missing"]).says(&["error: ", "missing"]);
        with(&["--kubeconfig", "broken"]).says(&["error: ", "broken"]);
        with(&["--kubeconfig", "config", "--context", "prod"]).says(&["error: ", "prod"]);
    }
}

#[test]
fn an_api_server_that_is_away_ends_the_controller_with_its_reason() {
    let folder = with_cluster(&format!("http://{}", nobody()));
    let arguments = ["controller", "--kubeconfig", "config", "--health-address", "127.0.0.1:0"];
    let run = folder.run(&arguments).exits(1);
    let run = run.says(&["error: cannot list NoteRepository", "refused"]);
    assert!(!run.stderr().contains("hunter2"), "{}", run.stderr());
}

#[test]
fn a_port_in_use_is_named_with_the_option_that_chooses_another() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = with_cluster("http://127.0.0.1:1");
    for (command, option) in [("controller", "--health-address"), ("viewer", "--address")] {
        folder.run(&[command, "--kubeconfig", "config", option, &address]).exits(1).says(&[
            "error: cannot listen on",
            &address,
            option,
        ]);
    }
}
