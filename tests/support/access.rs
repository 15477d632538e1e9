//! How to reach a cluster as one of its users.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use kube::Client;
use kube::config::{Config, KubeConfigOptions, Kubeconfig};
use serde_json::{Value, json};

use super::kubectl::Kubectl;
use super::{Result, install_crypto};

/// A kubeconfig with one user, and the kubectl to use with it.
#[derive(Clone, Debug)]
pub struct Access {
    /// The kubeconfig's file.
    pub kubeconfig: PathBuf,
    /// The kubectl binary.
    pub kubectl: PathBuf,
}

impl Access {
    /// Writes a kubeconfig to `path` for the API server at `server`, whose certificate is in the file
    /// `certificate`.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write(
        path: &Path,
        server: &str,
        certificate: &Path,
        token: &str,
        kubectl: &Path,
    ) -> Result<Self> {
        let cluster = json!({ "server": server, "certificate-authority": certificate });
        write_kubeconfig(path, &cluster, &json!({ "token": token }))?;
        Ok(Self { kubeconfig: path.to_owned(), kubectl: kubectl.to_owned() })
    }

    /// The cluster that kubectl talks to by default, with everything that its kubeconfig names written
    /// into the file `path`.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn current(path: &Path, kubectl: &Path) -> Result<Self> {
        let view = ["config", "view", "--raw", "--minify", "--flatten"];
        let output = tokio::process::Command::new(kubectl).args(view).output().await?;
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr);
            return Err(format!("there is no current cluster: {}", stderr.trim()).into());
        }
        write_private(path, &output.stdout)?;
        Ok(Self { kubeconfig: path.to_owned(), kubectl: kubectl.to_owned() })
    }

    /// Writes a kubeconfig to `path` for another user of the same cluster, known by `token`.
    ///
    /// # Errors
    /// Where a file cannot be read or written.
    pub fn with_token(&self, token: &str, path: &Path) -> Result<Self> {
        let own: Value = serde_saphyr::from_str(&fs::read_to_string(&self.kubeconfig)?)?;
        let cluster = own.pointer("/clusters/0/cluster").ok_or("a kubeconfig without a cluster")?;
        write_kubeconfig(path, cluster, &json!({ "token": token }))?;
        Ok(Self { kubeconfig: path.to_owned(), kubectl: self.kubectl.clone() })
    }

    /// A client. Its tasks live in the runtime of the caller: every test makes its own.
    ///
    /// # Errors
    /// Where the kubeconfig is unusable.
    pub async fn client(&self) -> Result<Client> {
        Ok(Client::try_from(self.config().await?)?)
    }

    /// A client that takes a refusal for a while (status 429) as an answer, where others ask again for
    /// minutes.
    ///
    /// # Errors
    /// As there.
    pub async fn impatient_client(&self) -> Result<Client> {
        let mut config = self.config().await?;
        config.default_retry = false;
        Ok(Client::try_from(config)?)
    }

    async fn config(&self) -> Result<Config> {
        install_crypto();
        let kubeconfig = Kubeconfig::read_from(&self.kubeconfig)?;
        let options = KubeConfigOptions::default();
        Ok(Config::from_custom_kubeconfig(kubeconfig, &options).await?)
    }

    /// kubectl as this user.
    pub fn kubectl(&self) -> Kubectl {
        Kubectl::new(&self.kubectl, &self.kubeconfig)
    }
}

/// Writes a kubeconfig to `path` with one cluster and one user.
///
/// # Errors
/// Where it cannot be written.
pub fn write_kubeconfig(path: &Path, cluster: &Value, user: &Value) -> Result {
    let kubeconfig = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "talknotes",
        "clusters": [{ "name": "talknotes", "cluster": cluster }],
        "users": [{ "name": "talknotes", "user": user }],
        "contexts": [{ "name": "talknotes", "context": { "cluster": "talknotes", "user": "talknotes" } }],
    });
    write_private(path, &serde_json::to_vec_pretty(&kubeconfig)?)
}

/// Writes a file that only the current user can read.
///
/// # Errors
/// Where it cannot be written.
pub fn write_private(path: &Path, content: &[u8]) -> Result {
    let mut options = File::options();
    options.write(true).create(true).truncate(true).mode(0o600);
    Ok(options.open(path)?.write_all(content)?)
}
