package main

import (
	"context"
	"net/url"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
)

// More than tiles that a test damages: a worker that found one wrong stops, and without any left Check never returns.
const fsckWorkers = 8

// fsckLog derives every tile of the log at a URL from its entries with Tessera's fsck, and compares.
func fsckLog(ctx context.Context, arguments []string, _ []byte) (any, error) {
	base, err := url.Parse(arguments[0])
	if err != nil {
		return nil, err
	}
	verifier, err := note.NewVerifier(arguments[1])
	if err != nil {
		return nil, err
	}
	fetcher, err := client.NewHTTPFetcher(base, nil)
	if err != nil {
		return nil, err
	}
	check := fsck.New(verifier.Name(), verifier, fetcher, hashBundle, fsck.Opts{N: fsckWorkers})
	if err := check.Check(ctx); err != nil {
		return nil, err
	}
	return map[string]any{"clean": true, "resources": check.Status().ResourcesFetched}, nil
}

func hashBundle(data []byte) ([][]byte, error) {
	var bundle api.EntryBundle
	if err := bundle.UnmarshalText(data); err != nil {
		return nil, err
	}
	hashes := make([][]byte, 0, len(bundle.Entries))
	for _, entry := range bundle.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return hashes, nil
}
