//go:build tools

// Package controlplane pins the Kubernetes programs that the tests, the demo
// and the benchmarks run against: a control plane, and for the tests with real
// Pods the three programs of a node. Nothing here is compiled into TalkNotes;
// the imports only keep the commands in go.mod.
package controlplane

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kube-proxy"
	_ "k8s.io/kubernetes/cmd/kube-scheduler"
	_ "k8s.io/kubernetes/cmd/kubectl"
	_ "k8s.io/kubernetes/cmd/kubelet"
)
