//go:build tools

// Package flux pins the kustomize-controller that the test of Flux runs.
package flux

import (
	_ "github.com/fluxcd/kustomize-controller"
)
