//go:build tools

// Package kubesec pins the kubesec that judges our Deployments.
package kubesec

import (
	_ "github.com/controlplaneio/kubesec/v2"
)
