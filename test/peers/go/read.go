package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"filippo.io/torchwood"
)

type readResult struct {
	checkpoint
	Entries int64 `json:"entries"`
	// SHA-256 of all entries in order, each after its length as 4 bytes, big-endian.
	Digest string `json:"digest"`
	// Entries that were read singly, with a proof made from the tiles.
	Proved []int64 `json:"proved"`
}

// readLog reads every entry of the log at a URL with torchwood's client, which verifies each against the checkpoint.
func readLog(ctx context.Context, arguments []string, _ []byte) (any, error) {
	policy, err := logPolicy(arguments[1])
	if err != nil {
		return nil, err
	}
	fetcher, err := torchwood.NewTileFetcher(arguments[0])
	if err != nil {
		return nil, err
	}
	signed, err := fetcher.ReadEndpoint(ctx, "checkpoint")
	if err != nil {
		return nil, err
	}
	tree, _, err := torchwood.VerifyCheckpoint(signed, policy)
	if err != nil {
		return nil, err
	}
	client, err := torchwood.NewClient(fetcher)
	if err != nil {
		return nil, err
	}
	return readEntries(ctx, client, tree)
}

func readEntries(ctx context.Context, client *torchwood.Client, tree torchwood.Checkpoint) (any, error) {
	result := readResult{checkpoint: describe(tree), Proved: []int64{}}
	digest := sha256.New()
	for index, entry := range client.AllEntries(ctx, tree.Tree, 0) {
		if index != result.Entries {
			return nil, fmt.Errorf("entry %d came where %d was due", index, result.Entries)
		}
		digest.Write(binary.BigEndian.AppendUint32(nil, uint32(len(entry))))
		digest.Write(entry)
		result.Entries++
	}
	if err := client.Err(); err != nil {
		return nil, err
	}
	result.Digest = hex.EncodeToString(digest.Sum(nil))
	for _, index := range []int64{0, tree.N / 2, tree.N - 1} {
		if _, _, err := client.Entry(ctx, tree.Tree, index); err != nil {
			return nil, err
		}
		result.Proved = append(result.Proved, index)
	}
	return result, nil
}
