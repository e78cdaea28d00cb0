//go:build tools

package main

// Programs that are built as they are, at the versions of go.mod.
import (
	_ "filippo.io/torchwood/cmd/litewitness"
	_ "filippo.io/torchwood/cmd/witnessctl"
)
