# `make` lists what there is.

CARGO ?= cargo
GO ?= go
# The name that the chart and deploy/ install.
IMAGE ?= ghcr.io/talknotes/talknotes:$(shell sed -n 's/^version = "\(.*\)"$$/\1/p' Cargo.toml | head -n 1)
IMAGE_ARCHIVE ?= target/talknotes-image.tar
IMAGE_PROFILE ?= release
ARCHIVES ?= target/archives
OWN_PLATFORM := linux/$(if $(filter aarch64 arm64,$(shell uname -m)),arm64,amd64)
# Such as "linux/amd64 linux/arm64"; what is missing for another processor is said.
PLATFORMS ?= $(OWN_PLATFORM)
CONTAINER_TOOL ?= $(firstword $(foreach tool,docker podman,$(shell command -v $(tool))))

# Each is built once, outside the repository, where a check needs it.
CACHE := $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/talknotes
TOOL_helm := helm.sh/helm/v3/cmd/helm@v3.22.0
TOOL_kubeconform := github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
TOOL_kube-score := github.com/zegl/kube-score/cmd/kube-score@v1.20.0
AXE_VERSION := 4.14.1
AXE_SHA256 := 29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
CYCLONEDX_VERSION := 0.5.9
CYCLONEDX := $(CACHE)/tools/cargo-cyclonedx-$(CYCLONEDX_VERSION)/bin/cargo-cyclonedx

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Stops with advice where the command $(1) is missing.
need = @command -v $(1) >/dev/null || { echo "$(1) is missing: $(2)" >&2; exit 1; }

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: need-rust
need-rust:
	$(call need,$(CARGO),install Rust 1.95 or later with https://rustup.rs)
	$(call need,cc,install a C compiler (Debian: apt-get install build-essential; macOS: xcode-select --install))

.PHONY: need-cluster
need-cluster: need-rust
	$(call need,$(GO),install Go 1.26 or later from https://go.dev/dl; it builds the control plane that tests run against)
	$(call need,git,install git 2.40 or later)

.PHONY: build
build: need-rust ## Build the binary
	$(CARGO) build

# A cluster that is there needs no Go.
.PHONY: demo
demo: $(if $(filter current,$(DEMO_CLUSTER)),need-rust,need-cluster) ## Show everything at work: control plane, git server, operator, viewer
	$(CARGO) build
	$(CARGO) run --quiet --example demo

.PHONY: test
test: need-cluster ## Run all tests, against a real API server
	$(CARGO) test

.PHONY: chaos
chaos: CHAOS_STORMS ?= 100
chaos: CHAOS_SEED ?= $(shell date +%s)
chaos: need-cluster ## Storms of pushes, foreign hands, kills and outages (CHAOS_STORMS=100, CHAOS_SEED=now)
	CHAOS_STORMS=$(CHAOS_STORMS) CHAOS_SEED=$(CHAOS_SEED) $(CARGO) test --test chaos -- --nocapture

.PHONY: kills
kills: KILLS ?= 100
kills: KILLS_SEED ?= $(shell date +%s)
kills: need-cluster ## Kill the controller at random points of fetch and apply (KILLS=100, KILLS_SEED=now)
	KILLS=$(KILLS) KILLS_SEED=$(KILLS_SEED) $(CARGO) test --test cluster killing:: -- --nocapture

.PHONY: e2e-argocd
e2e-argocd: need-cluster ## Drive notes with Argo CD itself, which is built once
	$(call need,redis-server,Argo CD keeps its cache there (Debian: apt-get install redis-server))
	$(CARGO) test --test argocd

.PHONY: e2e-flux
e2e-flux: need-cluster ## Drive notes with the kustomize-controller of Flux, which is built once
	$(CARGO) test --test flux

.PHONY: corpus
corpus: need-rust ## Show how well talks are found in notes of many styles
	$(CARGO) test --quiet --test corpus -- --nocapture

.PHONY: golden
golden: need-rust ## Write tests/golden anew (all that reading says of the documents that there are), and the digest of what is rendered
	UPDATE_GOLDEN=1 $(CARGO) test --quiet --test golden --test renderer

.PHONY: fuzz
fuzz: need-rust ## Fuzz reading and rendering (FUZZ_SECONDS=60 for each target)
	fuzz/run

.PHONY: conformance
conformance: need-rust ## Show how rendering follows CommonMark and GFM
	$(call need,$(GO),install Go 1.26 or later from https://go.dev/dl; its module proxy has the suites)
	$(CARGO) test --quiet --test conformance -- --nocapture --test-threads=1

.PHONY: lint
lint: need-rust ## Check the formatting, and run clippy with warnings denied
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings
	$(CARGO) clippy --test argocd --test flux --test node -- -D warnings

.PHONY: fmt
fmt: need-rust ## Format the code
	$(CARGO) fmt

# Helm and kustomize read no file outside their folders, so that each has a copy.
CRD_COPIES := deploy/base/crds charts/talknotes/files/crds
MONITORING := deploy/components/monitoring/prometheus-rule.yaml deploy/components/monitoring/dashboard.json

.PHONY: generate
generate: need-rust ## Write crds/, its copies, those of alerts and dashboard, and the rights in docs/operations.md anew
	$(CARGO) run --quiet -- crds --output-dir crds
	@for copy in $(CRD_COPIES); do cp crds/*.yaml $$copy/; done
	@cp $(MONITORING) charts/talknotes/files/monitoring/
	UPDATE_DOCS=1 $(CARGO) test --quiet --test rights page::is_what_the_manifests_say

.PHONY: check-generated
check-generated: need-rust ## Fail where generated files are not what `make generate` writes
	@fresh=$$(mktemp -d) && trap 'rm -rf "$$fresh"' EXIT && \
	$(CARGO) run --quiet -- crds --output-dir "$$fresh" && \
	for copy in crds $(CRD_COPIES); do diff -ru -x kustomization.yaml $$copy "$$fresh" || exit 1; done && \
	$(CARGO) test --quiet --test rights page::is_what_the_manifests_say || \
	{ echo "generated files are out of date: run make generate and commit what changes" >&2; exit 1; }

.PHONY: docs
docs: need-cluster ## Write the output of kubectl on docs/using-kubectl.md anew
	UPDATE_DOCS=1 $(CARGO) test --test cluster manners::the_page

.PHONY: pictures
pictures: need-rust ## Take the pictures of the viewer's pages in docs/pages anew
	UPDATE_DOCS=1 $(CARGO) test --test browser pictures::

.PHONY: bench
bench: need-cluster bench-reading bench-serving ## Measure against a bare client on the same API server, a parser, and nginx
	$(CARGO) bench --bench publish

.PHONY: bench-reading
bench-reading: need-rust ## Measure reading alone against a parser of Markdown (no cluster)
	$(CARGO) bench --bench reading

.PHONY: bench-serving
bench-serving: need-rust ## Measure the viewer beside nginx with the same bytes as files (no cluster)
	$(CARGO) build --profile bench --bin talknotes
	benches/serving.sh target/release/talknotes

.PHONY: footprint
footprint: need-cluster ## Measure what memory and processor time the release binary needs
	packaging/build-binary $(OWN_PLATFORM) release $(abspath target)/footprint/talknotes
	TOKIO_WORKER_THREADS=2 TALKNOTES_BINARY=$(abspath target)/footprint/talknotes \
	  $(CARGO) bench --profile dev --bench publish -- footprint

# Before anything is built, which takes minutes.
.PHONY: need-compilers
need-compilers: need-rust
	@bash -euc 'source packaging/common.sh && need_compilers $(PLATFORMS)'

.PHONY: image
image: need-compilers $(CYCLONEDX) ## Pack the container image without a daemon (IMAGE, PLATFORMS, IMAGE_ARCHIVE)
	CYCLONEDX=$(CYCLONEDX) packaging/build-image $(IMAGE_ARCHIVE) $(IMAGE) $(IMAGE_PROFILE) $(PLATFORMS)

.PHONY: image-load
image-load: image ## Pack the image, and load it into docker or podman
	@test -n "$(CONTAINER_TOOL)" || { echo "install docker or podman, or set CONTAINER_TOOL" >&2; exit 1; }
	$(CONTAINER_TOOL) load --input $(IMAGE_ARCHIVE)

.PHONY: archives
archives: need-rust ## Pack the binary for each of PLATFORMS as a release offers it (ARCHIVES)
	packaging/build-archives $(ARCHIVES) $(IMAGE_PROFILE) $(PLATFORMS)

.PHONY: krew
krew: PLATFORMS = linux/amd64 linux/arm64
krew: archives ## Pack the archives, and write the manifest for krew with their sums beside them
	packaging/krew-manifest $(ARCHIVES)

.PHONY: e2e-node
e2e-node: need-cluster ## Install both ways, and Argo CD, as real Pods on a node (root; IMAGE_PROFILE=dev is quicker)
	$(call need,redis-server,Argo CD keeps its cache there (Debian: apt-get install redis-server))
	packaging/build-image $(abspath target)/e2e-image.tar $(IMAGE) $(IMAGE_PROFILE) $(PLATFORMS)
	TALKNOTES_IMAGE_ARCHIVE=$(abspath target)/e2e-image.tar $(CARGO) test --test node -- --test-threads=1 --nocapture

.PHONY: tools
tools: tool-helm tool-kubeconform tool-kube-score ## Build the tools of the checks into the cache folder and print their paths

tool-%:
	$(call need,$(GO),install Go 1.26 or later from https://go.dev/dl)
	@test -n "$(TOOL_$*)" || { echo "there is no tool $*" >&2; exit 1; }
	@folder=$(CACHE)/tools/$*-$(lastword $(subst @, ,$(TOOL_$*))) && \
	if [ ! -x "$$folder/$*" ]; then \
	  echo "building $(TOOL_$*), once, for a minute or two" >&2; \
	  mkdir -p "$$folder" && build=$$(mktemp -d "$$folder/build.XXXXXX") && trap 'rm -rf "$$build"' EXIT && \
	  GOBIN="$$build" $(GO) install $(TOOL_$*) >&2 && mv "$$build/$*" "$$folder/$*" || exit 1; \
	fi && \
	echo "$$folder/$*"

# A script that pages are checked with, from its package as it is.
.PHONY: tool-axe
tool-axe:
	$(call need,npm,install it with Node.js (Debian: apt-get install npm))
	@folder=$(CACHE)/tools/axe-core-$(AXE_VERSION) && \
	if [ ! -f "$$folder/axe.min.js" ]; then \
	  echo "fetching axe-core $(AXE_VERSION), once" >&2; \
	  mkdir -p "$$folder" && build=$$(mktemp -d "$$folder/build.XXXXXX") && trap 'rm -rf "$$build"' EXIT && cd "$$build" && \
	  npm pack --silent axe-core@$(AXE_VERSION) >&2 && tar -xzf axe-core-$(AXE_VERSION).tgz package/axe.min.js && \
	  echo "$(AXE_SHA256)  package/axe.min.js" | sha256sum --check --quiet >&2 && mv package/axe.min.js "$$folder/" || exit 1; \
	fi && \
	echo "$$folder/axe.min.js"

$(CYCLONEDX):
	@echo "building cargo-cyclonedx $(CYCLONEDX_VERSION), once, for some minutes" >&2
	$(CARGO) install --quiet --locked --root $(@D:/bin=) cargo-cyclonedx@$(CYCLONEDX_VERSION)

.PHONY: clean
clean: ## Remove what cargo built (the cache folder of the control plane stays)
	$(CARGO) clean
