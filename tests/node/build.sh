#!/usr/bin/env bash
# Builds what a node needs beside the programs of Kubernetes into the folder $1: containerd, runc, the
# plugins of the network, CoreDNS and a pause program from Go modules, and nft where there is none.
# What is not a Go module (nft and libseccomp) is unpacked from Debian packages; nothing is installed.
set -euo pipefail
cd "$(dirname "$0")"
out=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOWORK=off GOFLAGS=-mod=readonly CGO_ENABLED=0

build() {
  local begin=$SECONDS
  echo "go build $*"
  go build -trimpath -o "$out/" "$@"
  echo "  after $((SECONDS - begin)) s"
}

download() {
  (cd "$work/packages" && apt-get --quiet --option APT::Sandbox::User=root download "$@")
}

# unpack WHAT PACKAGE…: unpacks Debian packages into $work/debian.
unpack() {
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || {
    echo "install $1 (this is no Debian system, so it cannot be fetched here)" >&2
    exit 1
  }
  shift
  echo "unpacking $*"
  mkdir -p "$work/packages" "$work/debian"
  # The list of packages may be missing or too old to download from.
  download "$@" || { apt-get --quiet update && download "$@"; }
  for package in "$work"/packages/*.deb; do dpkg -x "$package" "$work/debian"; done
}

# kube-proxy runs nft; the one of Debian brings its libraries along.
add_nft() {
  command -v nft >/dev/null && return
  unpack "nft (package nftables)" nftables libnftables1 libnftnl11 libmnl0 libxtables12 libjansson4 libedit2 libbsd0 libmd0
  mkdir -p "$out/nft.d"
  cp "$work/debian/usr/sbin/nft" "$out/nft.d/"
  find "$work/debian" -name '*.so.*' -exec cp -P {} "$out/nft.d/" \;
  cat >"$out/nft" <<'NFT'
#!/bin/sh
folder=$(dirname "$(readlink -f "$0")")/nft.d
LD_LIBRARY_PATH=$folder exec "$folder/nft" "$@"
NFT
  chmod +x "$out/nft"
}

# runc filters system calls with libseccomp, which is C and linked into it.
build_runc() {
  local headers= library=
  if ! { [ -f /usr/include/seccomp.h ] && [ "$(cc -print-file-name=libseccomp.a)" != libseccomp.a ]; }; then
    unpack "libseccomp with its headers (package libseccomp-dev)" libseccomp-dev
    headers=-I$work/debian/usr/include
    library=-L$(dirname "$(find "$work/debian" -name libseccomp.a)")
  fi
  # Go asks pkg-config for the flags, which need not be there. The folders are given in variables
  # that Go's cache knows of: what pkg-config says would be remembered longer than they exist.
  cat >"$work/pkg-config" <<'PKG_CONFIG'
#!/bin/sh
case "$*" in *--cflags*) ;; *) echo "-lseccomp" ;; esac
PKG_CONFIG
  chmod +x "$work/pkg-config"
  PKG_CONFIG="$work/pkg-config" CGO_ENABLED=1 CGO_CFLAGS="-O2 $headers" CGO_LDFLAGS="-O2 $library" \
    build -tags "seccomp netgo osusergo" -ldflags "-s -w -extldflags -static" \
    github.com/opencontainers/runc
}

containerd=github.com/containerd/containerd/v2
plugins=github.com/containernetworking/plugins/plugins
version=$(go list -m -f '{{.Version}}' "$containerd")
add_nft
build_runc
build -ldflags "-s -w" ./pause $plugins/main/ptp $plugins/main/loopback $plugins/ipam/host-local
build -ldflags "-s -w -X $containerd/version.Version=$version" \
  $containerd/cmd/containerd $containerd/cmd/containerd-shim-runc-v2 $containerd/cmd/ctr
build -ldflags "-s -w" ./coredns
