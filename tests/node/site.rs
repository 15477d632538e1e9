//! An installed operator on a node, and what is asked of it however it was installed.

use std::process::Command;
use std::time::Duration;

use crate::support::Result;
use crate::support::kubectl::Kubectl;
use crate::support::node::Node;
use crate::support::page::Reader;
use crate::support::rbac::SYSTEM_NAMESPACE;
use crate::support::wait::{self, DEADLINE, Look};

/// How often the site is asked while something is done to it.
const PERIOD: Duration = Duration::from_millis(10);

/// How often at least, or the test has seen nothing.
const ENOUGH: usize = 50;

/// Both Deployments on a node.
pub struct Site<'a> {
    pub node: &'a Node,
    /// In the operator's namespace.
    pub kubectl: Kubectl,
}

impl<'a> Site<'a> {
    pub fn new(node: &'a Node) -> Self {
        Self { node, kubectl: node.admin().kubectl().in_namespace(SYSTEM_NAMESPACE) }
    }

    /// Waits until the Viewer and every Pod of both Deployments is ready.
    pub async fn ready(&self) -> Result {
        let viewer = "viewer/talknotes";
        self.kubectl.run(&["wait", "--for=create", "--timeout=120s", viewer]).await?;
        self.kubectl.run(&["wait", "--for=condition=Ready", "--timeout=120s", viewer]).await?;
        self.rolled_out().await
    }

    /// Waits until every Pod of both Deployments is ready.
    pub async fn rolled_out(&self) -> Result {
        for component in ["controller", "viewer"] {
            let deployment = format!("deployment/talknotes-{component}");
            self.kubectl.run(&["rollout", "status", &deployment, "--timeout=120s"]).await?;
        }
        Ok(())
    }

    /// A reader of the pages through the viewer's Service.
    pub async fn reader(&self) -> Result<Reader> {
        Reader::new(&self.service().await?)
    }

    async fn service(&self) -> Result<String> {
        let path = "jsonpath={.spec.clusterIP}:{.spec.ports[0].port}";
        self.kubectl.run(&["get", "service/talknotes-viewer", "-o", path]).await
    }

    /// One field of every Pod of a component.
    pub async fn of_pods(&self, component: &str, field: &str) -> Result<Vec<String>> {
        let label = format!("app.kubernetes.io/component={component}");
        let path = format!("jsonpath={{range .items[*]}}{{{field}}}{{\"\\n\"}}{{end}}");
        let text = self.kubectl.run(&["get", "pods", "-l", &label, "-o", &path]).await?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Does `work` while somebody reads, who must not notice: each request is a connection of its own.
    pub async fn unnoticed(&self, work: impl Future<Output = Result>) -> Result {
        let url = format!("http://{}/", self.service().await?);
        let http = reqwest::Client::builder().pool_max_idle_per_host(0);
        let http = http.timeout(Duration::from_secs(5)).build()?;
        let mut pace = tokio::time::interval(PERIOD);
        let mut asked = 0;
        tokio::pin!(work);
        loop {
            let ask = async {
                pace.tick().await;
                http.get(&url).send().await?.error_for_status()
            };
            tokio::select! {
                done = &mut work => {
                    done?;
                    break;
                }
                answer = ask => {
                    answer.map_err(|error| format!("request {asked} failed: {error:?}"))?;
                    asked += 1;
                }
            }
        }
        assert!(asked >= ENOUGH, "only {asked} requests");
        println!("{asked} requests, none failed");
        Ok(())
    }

    /// Replaces every Pod of the viewer, one by one.
    pub async fn restart_viewer(&self) -> Result {
        let old = self.of_pods("viewer", ".metadata.name").await?;
        self.kubectl.run(&["rollout", "restart", "deployment/talknotes-viewer"]).await?;
        self.ready().await?;
        self.gone(&old).await
    }

    async fn gone(&self, pods: &[String]) -> Result {
        let mut wait = vec!["wait", "--for=delete", "pod", "--timeout=120s"];
        wait.extend(pods.iter().map(String::as_str));
        self.kubectl.run(&wait).await?;
        Ok(())
    }

    /// Kills the process of a component from outside, and waits until it runs again.
    pub async fn kill_process(&self, component: &str) -> Result {
        let pod = self.of_pods(component, ".metadata.name").await?.swap_remove(0);
        let id = self.containers(component).await?.swap_remove(0);
        for process in self.node.cgroups().processes(&id)? {
            assert!(Command::new("kill").args(["-KILL", &process]).status()?.success());
        }
        wait::until("the container to run again", DEADLINE, async || {
            let path = "jsonpath={.status.containerStatuses[0]['restartCount','ready']}";
            let state = self.kubectl.run(&["get", "pod", &pod, "-o", path]).await?;
            Ok(Look::at(state == "1 true", || state))
        })
        .await
    }

    /// Deletes the Pods of a component, and waits until others are ready.
    pub async fn replace_pods(&self, component: &str) -> Result {
        let label = format!("app.kubernetes.io/component={component}");
        self.kubectl.run(&["delete", "pods", "-l", &label]).await?;
        self.ready().await
    }

    async fn containers(&self, component: &str) -> Result<Vec<String>> {
        let ids = self.of_pods(component, ".status.containerStatuses[0].containerID").await?;
        Ok(ids.iter().map(|id| id.trim_start_matches("containerd://").to_owned()).collect())
    }

    /// Every container has stayed inside of its memory limit, by the kernel's own count, and none was
    /// killed for it.
    pub async fn is_inside_its_limits(&self) -> Result {
        for component in ["controller", "viewer"] {
            let limit =
                self.of_pods(component, ".spec.containers[0].resources.limits.memory").await?;
            let limit: u64 = limit[0].trim_end_matches("Mi").parse()?;
            for id in self.containers(component).await? {
                let peak = self.node.cgroups().peak_memory(&id)? / (1024 * 1024);
                println!("{component}: at most {peak} of {limit} MiB");
                assert!(peak < limit, "{component} used {peak} of {limit} MiB");
            }
            let reasons =
                self.of_pods(component, ".status.containerStatuses[0].lastState.terminated.reason");
            let reasons = reasons.await?;
            assert!(!reasons.contains(&"OOMKilled".to_owned()), "{component}: {reasons:?}");
        }
        Ok(())
    }

    /// A node that is drained keeps one viewer until there is another place for it.
    pub async fn survives_a_drain(&self) -> Result {
        self.unnoticed(async {
            let viewers = "--pod-selector=app.kubernetes.io/component=viewer";
            let drain = ["drain", "node", viewers, "--timeout=12s"];
            let drained = self.kubectl.attempt(&drain, "").await?;
            assert!(!drained.status.success(), "{}{}", drained.stdout, drained.stderr);
            assert!(drained.stderr.contains("disruption budget"), "{}", drained.stderr);
            self.kubectl.run(&["uncordon", "node"]).await?;
            self.ready().await
        })
        .await
    }

    /// What an installation that changes nothing leaves as it is: Pods, the generation of every object
    /// of the operator, and notes.
    pub async fn fingerprint(&self) -> Result<String> {
        let kinds = "pods,deployments,services,networkpolicies,poddisruptionbudgets,serviceaccounts,viewers";
        let path = "jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.uid} \
                    {.metadata.generation}{\"\\n\"}{end}";
        let own = self.kubectl.run(&["get", kinds, "-o", path]).await?;
        let ours = "crd,clusterroles,clusterrolebindings,noterepositories,summits,talknotes";
        let rest = self.kubectl.run(&["get", ours, "--all-namespaces", "-o", path]).await?;
        Ok(own + &rest)
    }
}
