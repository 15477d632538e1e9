//go:build tools

// Package prometheus pins Prometheus, which reads our metrics and answers the
// queries of our dashboard, and promtool, which runs the unit tests of the
// alerts that we ship and judges the names of our metrics. Nothing here is
// compiled into TalkNotes; the imports only keep the commands in go.mod.
package prometheus

import (
	_ "github.com/prometheus/prometheus/cmd/prometheus"
	_ "github.com/prometheus/prometheus/cmd/promtool"
)
