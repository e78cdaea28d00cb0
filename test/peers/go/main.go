// Command peers reads what the log serves with the libraries that other people use for it: golang.org/x/mod,
// filippo.io/torchwood, and transparency-dev's tessera and merkle. It prints one line of JSON, or says on standard
// error why not and exits with 1.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// How long a subcommand may take: one library does not return once a tile was wrong.
const timeLimit = 90 * time.Second

type command struct {
	arguments []string
	run       func(ctx context.Context, arguments []string, input []byte) (any, error)
}

var commands = map[string]command{
	"note":   {[]string{"vkey"}, openNote},
	"policy": {[]string{"policy-file"}, checkPolicy},
	"read":   {[]string{"url", "vkey"}, readLog},
	"fsck":   {[]string{"url", "vkey"}, fsckLog},
	"proof":  {[]string{"vkey", "leaf-hash"}, verifyProof},
	"judge":  {nil, judgeProofs},
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), timeLimit)
	defer cancel()
	result, err := dispatch(ctx, os.Args[1:])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(result)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, arguments []string) (any, error) {
	if len(arguments) == 0 {
		return nil, errors.New("usage: peers note|policy|read|fsck|proof|judge ...")
	}
	command, ok := commands[arguments[0]]
	if !ok || len(arguments)-1 != len(command.arguments) {
		return nil, fmt.Errorf("usage: peers %s %v", arguments[0], command.arguments)
	}
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return nil, err
	}
	type outcome struct {
		result any
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		result, err := command.run(ctx, arguments[1:], input)
		done <- outcome{result, err}
	}()
	select {
	case outcome := <-done:
		return outcome.result, outcome.err
	case <-ctx.Done():
		return nil, errors.New("took too long")
	}
}
