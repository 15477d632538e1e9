# `make` lists what there is.

CARGO ?= cargo
GO ?= go
IMAGE ?= ghcr.io/talknotes/talknotes:dev
CONTAINER_TOOL ?= $(firstword $(foreach tool,docker podman buildah,$(shell command -v $(tool))))

# Built once, outside the repository; only the chart's checks use it.
HELM_VERSION := v3.22.0
CACHE := $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/talknotes
HELM := $(CACHE)/tools/helm-$(HELM_VERSION)/helm

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Stops with advice where the command $(1) is missing.
need = @command -v $(1) >/dev/null || { echo "$(1) is missing: $(2)" >&2; exit 1; }

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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

.PHONY: demo
demo: need-cluster ## Show everything at work: control plane, git server, operator, viewer
	$(CARGO) build
	$(CARGO) run --quiet --example demo

.PHONY: test
test: need-cluster ## Run all tests, against a real API server
	$(CARGO) test

.PHONY: corpus
corpus: need-rust ## Show how well talks are found in notes of many styles
	$(CARGO) test --quiet --test corpus -- --nocapture

.PHONY: conformance
conformance: need-rust ## Show how rendering follows CommonMark and GFM
	$(call need,$(GO),install Go 1.26 or later from https://go.dev/dl; its module proxy has the suites)
	$(CARGO) test --quiet --test conformance -- --nocapture --test-threads=1

.PHONY: lint
lint: need-rust ## Check the formatting, and run clippy with warnings denied
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings

.PHONY: fmt
fmt: need-rust ## Format the code
	$(CARGO) fmt

# Helm and kustomize read no file outside their folders, so that each has a copy.
CRD_COPIES := deploy/crds charts/talknotes/crds

.PHONY: generate
generate: need-rust ## Write crds/ and its copies anew
	$(CARGO) run --quiet -- crds --output-dir crds
	@for copy in $(CRD_COPIES); do cp crds/*.yaml $$copy/; done

.PHONY: check-generated
check-generated: need-rust ## Fail where generated files are not what `make generate` writes
	@fresh=$$(mktemp -d) && trap 'rm -rf "$$fresh"' EXIT && \
	$(CARGO) run --quiet -- crds --output-dir "$$fresh" && \
	for copy in crds $(CRD_COPIES); do diff -ru -x kustomization.yaml $$copy "$$fresh" || exit 1; done || \
	{ echo "generated files are out of date: run make generate and commit what changes" >&2; exit 1; }

.PHONY: docs
docs: need-cluster ## Write the output of kubectl on docs/using-kubectl.md anew
	UPDATE_DOCS=1 $(CARGO) test --test cluster manners::the_page

.PHONY: bench
bench: need-cluster ## Measure against a bare client on the same API server
	$(CARGO) bench --bench publish

.PHONY: image
image: ## Build the container image (IMAGE=…)
	@test -n "$(CONTAINER_TOOL)" || { echo "install docker, podman or buildah, or set CONTAINER_TOOL" >&2; exit 1; }
	$(CONTAINER_TOOL) build --tag $(IMAGE) .

.PHONY: tools
tools: $(HELM) ## Build helm into the cache folder and print its path
	@echo $(HELM)

$(HELM):
	$(call need,$(GO),install Go 1.26 or later from https://go.dev/dl)
	@echo "building helm $(HELM_VERSION), once, for a minute or two" >&2
	@mkdir -p $(@D)
	@build=$$(mktemp -d $(@D)/build.XXXXXX) && trap 'rm -rf "$$build"' EXIT && \
	GOBIN="$$build" $(GO) install helm.sh/helm/v3/cmd/helm@$(HELM_VERSION) >&2 && mv "$$build/helm" $@

.PHONY: clean
clean: ## Remove what cargo built (the cache folder of the control plane stays)
	$(CARGO) clean
