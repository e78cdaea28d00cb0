package main

import (
	"context"
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
)

type openedNote struct {
	Text       string   `json:"text"`
	Signers    []string `json:"signers"`
	Unverified int      `json:"unverified"`
}

// openNote opens a signed note of standard input with golang.org/x/mod/sumdb/note and nothing else.
func openNote(_ context.Context, arguments []string, input []byte) (any, error) {
	verifier, err := note.NewVerifier(arguments[0])
	if err != nil {
		return nil, err
	}
	opened, err := note.Open(input, note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	signers := []string{}
	for _, signature := range opened.Sigs {
		signers = append(signers, fmt.Sprintf("%s+%08x", signature.Name, signature.Hash))
	}
	return openedNote{opened.Text, signers, len(opened.UnverifiedSigs)}, nil
}

type checkpoint struct {
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Root   string `json:"root"`
}

// checkPolicy verifies a checkpoint of standard input, with its cosignatures, under a tlog-policy.
func checkPolicy(_ context.Context, arguments []string, input []byte) (any, error) {
	text, err := os.ReadFile(arguments[0])
	if err != nil {
		return nil, err
	}
	policy, err := torchwood.ParsePolicy(text)
	if err != nil {
		return nil, err
	}
	verified, _, err := torchwood.VerifyCheckpoint(input, policy)
	if err != nil {
		return nil, err
	}
	return describe(verified), nil
}

// logPolicy asks for the log's own signature under its own origin.
func logPolicy(vkey string) (torchwood.Policy, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, err
	}
	return torchwood.ThresholdPolicy(2,
		torchwood.OriginPolicy(verifier.Name()), torchwood.SingleVerifierPolicy(verifier)), nil
}

func describe(c torchwood.Checkpoint) checkpoint {
	return checkpoint{c.Origin, c.N, c.Hash.String()}
}
