//! The harness keeps its promises: whatever happens to a test, its processes and files are gone.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "support/mod.rs"]
mod support;

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::Result;
use support::binaries::{Binaries, left};
use support::cgroups;
use support::child::{Child, last_lines};
use support::scratch::Scratch;
use support::wait::{self, DEADLINE, Look};

/// A program that says when it has started and runs until it is ended.
fn patient() -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "echo started; exec sleep 1000"]);
    command
}

fn is_running(pid: u32) -> Result<bool> {
    let state = Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output()?;
    let state = String::from_utf8(state.stdout)?;
    Ok(!state.trim().is_empty() && !state.starts_with('Z'))
}

async fn gone(pid: u32) -> Result {
    wait::until("the process to be gone", DEADLINE, async || {
        Ok(Look::at(!is_running(pid)?, || format!("{pid} is running")))
    })
    .await
}

async fn started(child: &Child) -> Result {
    let log = child.log().to_owned();
    wait::until("the child to have started", DEADLINE, async || {
        let text = last_lines(&log, 10);
        Ok(Look::at(text.contains("started"), || text))
    })
    .await
}

#[tokio::test]
async fn a_dropped_child_is_killed() -> Result {
    let scratch = Scratch::new()?;
    let child = Child::spawn(&patient(), &scratch.path().join("log"))?;
    started(&child).await?;
    let pid = child.pid();
    assert!(is_running(pid)?);
    drop(child);
    gone(pid).await
}

#[tokio::test]
async fn a_child_ends_when_it_is_asked_to() -> Result {
    let scratch = Scratch::new()?;
    let mut child = Child::spawn(&patient(), &scratch.path().join("log"))?;
    started(&child).await?;
    assert_eq!(child.stop().await?.code(), Some(128 + 15), "ended by SIGTERM");
    Ok(())
}

#[tokio::test]
async fn the_end_of_a_child_is_noticed_with_its_last_words() -> Result {
    let scratch = Scratch::new()?;
    let mut command = Command::new("sh");
    command.args(["-c", "echo the last words; exit 3"]);
    let mut child = Child::spawn(&command, &scratch.path().join("log"))?;
    assert_eq!(child.ended().await?.code(), Some(3));
    let error = child.check_running().unwrap_err().to_string();
    assert!(error.contains("the last words"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_program_that_does_not_exist_is_named() -> Result {
    let scratch = Scratch::new()?;
    let command = Command::new("/does/not/exist");
    let mut child = Child::spawn(&command, &scratch.path().join("log"))?;
    assert_eq!(child.ended().await?.code(), Some(127));
    let error = child.check_running().unwrap_err().to_string();
    assert!(error.contains("/does/not/exist"), "{error}");
    Ok(())
}

/// Set for the process that is started to be killed.
const HELPER: &str = "TALKNOTES_TEST_HELPER";

/// Not a test: what [`children_and_files_of_a_killed_process_are_cleaned_up`] starts and kills.
#[tokio::test]
#[ignore = "is started by another test"]
async fn a_process_with_a_child() -> Result {
    if std::env::var_os(HELPER).is_none() {
        return Ok(());
    }
    let scratch = Scratch::new()?;
    let child = Child::spawn(&patient(), &scratch.path().join("log"))?;
    started(&child).await?;
    println!("\nCHILD {}\nFOLDER {}", child.pid(), scratch.path().display());
    std::future::pending::<()>().await;
    Ok(())
}

#[tokio::test]
async fn children_and_files_of_a_killed_process_are_cleaned_up() -> Result {
    let mut helper = Command::new(std::env::current_exe()?)
        .args(["--exact", "a_process_with_a_child", "--ignored", "--nocapture"])
        .env(HELPER, "1")
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = helper.stdout.take().ok_or("no output")?;
    let mut child = None;
    let mut folder = None;
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        if let Some(pid) = line.strip_prefix("CHILD ") {
            child = Some(pid.parse::<u32>()?);
        } else if let Some(path) = line.strip_prefix("FOLDER ") {
            folder = Some(PathBuf::from(path));
            break;
        }
    }
    let child = child.ok_or("the helper started no child")?;
    let folder = folder.ok_or("the helper made no folder")?;
    assert!(is_running(child)?);

    helper.kill()?;
    helper.wait()?;
    gone(child).await?;
    assert!(folder.exists(), "nobody was left to remove it");
    let _next = Scratch::new()?;
    assert!(!folder.exists(), "the next run removes it");
    Ok(())
}

/// Not a test: says where the programs of the control plane are, or why they are not there.
#[test]
#[ignore = "is started by another test"]
fn a_look_for_binaries() {
    match Binaries::find_or_build() {
        Ok(binaries) => println!("\nFOUND {}", binaries.api_server.display()),
        Err(error) => println!("\nERROR {error}"),
    }
}

/// What a process with this environment and an empty cache says of the programs.
fn look_for_binaries(environment: &[(&str, &Path)]) -> Result<String> {
    let cache = Scratch::new()?;
    let output = Command::new(std::env::current_exe()?)
        .args(["--exact", "a_look_for_binaries", "--ignored", "--nocapture"])
        .env_remove("KUBEBUILDER_ASSETS")
        .env("XDG_CACHE_HOME", cache.path())
        .envs(environment.iter().copied())
        .output()?;
    Ok(String::from_utf8(output.stdout)?)
}

#[test]
fn binaries_that_are_given_are_used() -> Result {
    let assets = Scratch::new()?;
    for name in ["etcd", "kube-apiserver", "kube-controller-manager", "kubectl"] {
        std::fs::write(assets.path().join(name), "")?;
    }
    let said = look_for_binaries(&[("KUBEBUILDER_ASSETS", assets.path())])?;
    let expected = format!("FOUND {}", assets.path().join("kube-apiserver").display());
    assert!(said.contains(&expected), "{said}");
    Ok(())
}

#[test]
fn whoever_waits_for_a_build_is_told_what_is_left() {
    let names = ["etcd", "kube-apiserver", "kubectl"];
    assert_eq!(left(&names, 0), "etcd (1 of 3, then kube-apiserver, kubectl)");
    assert_eq!(left(&names, 2), "kubectl (3 of 3, the last)");
}

#[test]
fn a_missing_or_old_go_is_told_with_what_to_do() -> Result {
    let tools = Scratch::new()?;
    let said = look_for_binaries(&[("PATH", tools.path())])?;
    assert!(said.contains("ERROR Go is needed"), "{said}");
    assert!(said.contains("Install Go 1.") && said.contains("KUBEBUILDER_ASSETS"), "{said}");

    let go = tools.path().join("go");
    std::fs::write(&go, "#!/bin/sh\necho go1.9.7\n")?;
    std::fs::set_permissions(&go, std::fs::Permissions::from_mode(0o755))?;
    let said = look_for_binaries(&[("PATH", tools.path())])?;
    assert!(said.contains("ERROR Go 1.9.7 is too old. Install Go 1."), "{said}");
    Ok(())
}

#[test]
fn a_folder_in_use_stays() -> Result {
    let first = Scratch::new()?;
    let second = Scratch::new()?;
    assert!(first.path().exists());
    let path = second.path().to_owned();
    drop(second);
    assert!(!Path::exists(&path));
    assert!(first.path().exists());
    Ok(())
}

#[test]
fn the_cgroups_of_a_process_are_found_in_what_the_kernel_says() {
    let text = "12:name=systemd:/\n5:cpu,cpuacct:/docker/a\n4:memory:/docker/a\n0::/unified\n";
    let found = cgroups::hierarchies(text);
    let expected = ["systemd/", "cpu,cpuacct/docker/a", "memory/docker/a"];
    assert_eq!(found, expected.map(|path| Path::new("/sys/fs/cgroup").join(path)));
    let counting = |controller: &str| -> Vec<bool> {
        found.iter().map(|folder| cgroups::counts(folder, controller)).collect()
    };
    assert_eq!(counting("cpu"), [false, true, false]);
    assert_eq!(counting("memory"), [false, false, true]);
    assert_eq!(counting("cp"), [false, false, false]);
    assert!(cgroups::hierarchies("0::/user.slice/a\n").is_empty(), "version 2 has none");
}

#[test]
fn cgroups_without_what_a_kubelet_wants_are_found() {
    let all = "cpuset cpu io memory hugetlb pids rdma misc";
    assert_eq!(cgroups::not_handed_down(all, all), [""; 0]);
    assert_eq!(cgroups::not_handed_down(all, "cpu memory pids"), ["cpuset", "hugetlb"]);
    assert_eq!(
        cgroups::not_handed_down("cpuset cpu io memory pids", "cpuset cpu memory pids"),
        [""; 0]
    );
    assert_eq!(cgroups::not_handed_down("hugetlb", "hugetlb"), ["cpu", "cpuset", "memory", "pids"]);
}
