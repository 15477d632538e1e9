//! The kinds as the API server and kubectl see them, without an operator.

use crate::support::Result;
use crate::support::namespace::with_namespace;

#[tokio::test]
async fn crds_install_without_a_warning() {
    with_namespace(async |test| -> Result {
        let output = test.control_plane.crd_installation();
        assert_eq!(output.stderr, "", "kubectl apply warned");
        assert_eq!(output.stdout.lines().count(), 3, "{}", output.stdout);
        Ok(())
    })
    .await;
}
