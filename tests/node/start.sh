#!/usr/bin/env bash
# Starts a cluster of one node in the folder $1 and stays as long as that runs. It is process 1 of
# namespaces of its own (tests/support/node.rs calls unshare), so whatever it changes ends with it:
# mounts, network, cgroups seen from inside, processes. $2 is the folder of the programs, $3 the cgroup
# that Pods are in, $4 the node's address; $5 and further are archives of images.
set -euo pipefail
folder=$1 programs=$2 cgroup=$3 address=$4
shift 4
export PATH=$programs:$PATH KUBECONFIG=$folder/kubeconfig
cd "$folder"

# wait_for WHAT COMMAND…: until the command succeeds; who started us has the deadline.
wait_for() {
  echo "waiting for $1"
  shift
  until "$@" >/dev/null 2>&1; do sleep 0.1; done
}

# run NAME COMMAND…: in the background, with a log of its own.
run() {
  local name=$1
  shift
  "$@" >"$name.log" 2>&1 &
}

private_folders() {
  mount --make-rshared /
  mount -t proc proc /proc
  mkdir -p lib/kubelet log containerd cni kernel
  mount --bind lib /var/lib
  mount --bind log /var/log
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir -p /run/lock /run/containerd
  # The kubelet sets these for the whole machine. It finds files that hold what it wants.
  local setting
  for setting in vm/overcommit_memory=1 kernel/panic=10 kernel/panic_on_oops=1; do
    local file=kernel/${setting##*/}
    file=${file%=*}
    echo "${setting#*=}" >"$file"
    mount --bind "$file" "/proc/sys/${setting%=*}"
  done
}

# Version 2: a cgroup below the root of the one hierarchy. Version 1: each hierarchy again, now with our
# own cgroup as its root.
private_cgroups() {
  if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    mkdir "/sys/fs/cgroup/$cgroup"
    return
  fi
  mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
  local hierarchy options
  for hierarchy in cpu cpuacct cpuset memory devices freezer blkio pids systemd; do
    options=$hierarchy
    [ "$hierarchy" = systemd ] && options=none,name=systemd
    mkdir "/sys/fs/cgroup/$hierarchy"
    mount -t cgroup -o "$options" cgroup "/sys/fs/cgroup/$hierarchy"
    mkdir -p "/sys/fs/cgroup/$hierarchy/$cgroup"
  done
  # A new cpuset is empty, and nothing can run in it.
  local file
  for file in cpuset.cpus cpuset.mems; do
    cat "/sys/fs/cgroup/cpuset/$file" >"/sys/fs/cgroup/cpuset/$cgroup/$file"
  done
}

# Both ends of the link are ours: an address that is not loopback, and a route for everything else.
private_network() {
  hostname node
  ip link set lo up
  ip link add node0 type veth peer name node1
  ip link set node0 up
  ip link set node1 up
  ip address add "$address/24" dev node0
  ip route add default dev node0
  echo 1 >/proc/sys/net/ipv4/ip_forward
}

control_plane() {
  run etcd etcd --data-dir="$folder/etcd" --unsafe-no-fsync --log-level=warn \
    --listen-client-urls=http://127.0.0.1:2379 --advertise-client-urls=http://127.0.0.1:2379 \
    --listen-peer-urls=http://127.0.0.1:0
  run kube-apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 \
    --secure-port=6443 --bind-address="$address" --advertise-address="$address" \
    --tls-cert-file=serving.crt --tls-private-key-file=serving.key --token-auth-file=tokens.csv \
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file=service-account.pub \
    --service-account-signing-key-file=service-account.key --service-cluster-ip-range=10.0.0.0/24 \
    --authorization-mode=RBAC --allow-privileged=true --kubelet-preferred-address-types=InternalIP
  wait_for kube-apiserver kubectl get --raw /readyz
  run kube-controller-manager kube-controller-manager --kubeconfig=kubeconfig --leader-elect=false \
    --service-account-private-key-file=service-account.key --root-ca-file=serving.crt --secure-port=0
  run kube-scheduler kube-scheduler --kubeconfig=kubeconfig --leader-elect=false --secure-port=0
}

container_runtime() {
  cat >cni/pods.conflist <<CNI
{"cniVersion": "1.0.0", "name": "pods", "plugins": [{"type": "ptp", "ipMasq": false, "ipam": {
  "type": "host-local", "dataDir": "/run/cni", "ranges": [[{"subnet": "10.244.0.0/24"}]],
  "routes": [{"dst": "0.0.0.0/0"}]}}]}
CNI
  # Lowering a score of the out-of-memory killer needs a capability that root in a container lacks.
  cat >containerd.toml <<TOML
version = 3
root = "$folder/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.blockfile", "io.containerd.snapshotter.v1.erofs", "io.containerd.nri.v1.nri"]
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "talknotes.dev/pause:node"
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  disable_apparmor = true
  cni = {bin_dirs = ["$programs"], conf_dir = "$folder/cni"}
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    options = {BinaryName = "$programs/runc", SystemdCgroup = false}
TOML
  run containerd containerd --config containerd.toml
  wait_for containerd ctr version
  local image
  for image in "$@"; do ctr --namespace k8s.io images import "$image"; done
}

# Names of Services; every other name ends here.
dns() {
  cat >Corefile <<CORE
.:53 {
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig $KUBECONFIG
  }
  cache 5
}
CORE
  echo "nameserver $address" >resolv.conf
  run coredns coredns -conf Corefile
}

# The comments keep the files from being taken for JSON by their first character.
node() {
  cat >kubelet.yaml <<YAML
# kubelet
{apiVersion: kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration,
 address: $address, port: 10250, healthzPort: 0, readOnlyPort: 0,
 authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}, authorization: {mode: AlwaysAllow},
 cgroupDriver: cgroupfs, cgroupRoot: /$cgroup, failCgroupV1: false, failSwapOn: false,
 containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock", volumePluginDir: /var/lib/kubelet/plugins,
 resolvConf: $folder/resolv.conf, clusterDNS: [$address], clusterDomain: cluster.local,
 syncFrequency: 10s, nodeStatusUpdateFrequency: 5s,
 imageGCHighThresholdPercent: 100, imageGCLowThresholdPercent: 99,
 evictionHard: {memory.available: 100Mi, nodefs.available: "1%", imagefs.available: "1%", nodefs.inodesFree: "1%"}}
YAML
  cat >kube-proxy.yaml <<YAML
# kube-proxy
{apiVersion: kubeproxy.config.k8s.io/v1alpha1, kind: KubeProxyConfiguration, mode: nftables,
 clusterCIDR: 10.244.0.0/24, hostnameOverride: node, bindAddress: $address,
 healthzBindAddress: "127.0.0.1:10256", metricsBindAddress: "127.0.0.1:10249",
 clientConnection: {kubeconfig: $KUBECONFIG},
 conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}}
YAML
  run kubelet kubelet --config=kubelet.yaml --kubeconfig=kubeconfig --root-dir=/var/lib/kubelet \
    --cert-dir="$folder/kubelet" --hostname-override=node --node-ip="$address"
  run kube-proxy kube-proxy --config=kube-proxy.yaml
  wait_for "the node to be ready" kubectl wait --for=condition=Ready node/node --timeout=10s
}

private_folders
private_cgroups
private_network
control_plane
container_runtime "$@"
dns
node
echo "the node is ready"
touch ready
# Process 1 has to collect what ends, and the end of any of them shows in its log.
wait
exec sleep infinity
