package main

import (
	"context"
	"encoding/hex"
	"encoding/json"

	"filippo.io/torchwood"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
)

// verifyProof verifies a .tlog-proof of standard input for a leaf hash (hexadecimal).
func verifyProof(_ context.Context, arguments []string, input []byte) (any, error) {
	policy, err := logPolicy(arguments[0])
	if err != nil {
		return nil, err
	}
	leaf, err := parseHash(arguments[1])
	if err != nil {
		return nil, err
	}
	if err := torchwood.VerifyProof(policy, leaf, input); err != nil {
		return nil, err
	}
	return map[string]bool{"verified": true}, nil
}

// inclusionCase and consistencyCase have their hashes in hexadecimal.
type inclusionCase struct {
	Leaf   string   `json:"leaf"`
	Index  int64    `json:"index"`
	Size   int64    `json:"size"`
	Root   string   `json:"root"`
	Hashes []string `json:"hashes"`
}

type consistencyCase struct {
	From     int64    `json:"from"`
	To       int64    `json:"to"`
	FromRoot string   `json:"from_root"`
	ToRoot   string   `json:"to_root"`
	Hashes   []string `json:"hashes"`
}

type cases struct {
	Inclusion   []inclusionCase   `json:"inclusion"`
	Consistency []consistencyCase `json:"consistency"`
}

// verdict says whether transparency-dev/merkle and golang.org/x/mod/sumdb/tlog take a proof.
type verdict struct {
	Merkle bool `json:"merkle"`
	Tlog   bool `json:"tlog"`
}

type verdicts struct {
	Inclusion   []verdict `json:"inclusion"`
	Consistency []verdict `json:"consistency"`
}

// judgeProofs answers for every proof of standard input, in order.
func judgeProofs(_ context.Context, _ []string, input []byte) (any, error) {
	var given cases
	if err := json.Unmarshal(input, &given); err != nil {
		return nil, err
	}
	result := verdicts{[]verdict{}, []verdict{}}
	for _, each := range given.Inclusion {
		judged, err := judgeInclusion(each)
		if err != nil {
			return nil, err
		}
		result.Inclusion = append(result.Inclusion, judged)
	}
	for _, each := range given.Consistency {
		judged, err := judgeConsistency(each)
		if err != nil {
			return nil, err
		}
		result.Consistency = append(result.Consistency, judged)
	}
	return result, nil
}

func judgeInclusion(given inclusionCase) (verdict, error) {
	leaf, err := parseHash(given.Leaf)
	if err != nil {
		return verdict{}, err
	}
	root, err := parseHash(given.Root)
	if err != nil {
		return verdict{}, err
	}
	hashes, raw, err := parseHashes(given.Hashes)
	if err != nil {
		return verdict{}, err
	}
	merkle := proof.VerifyInclusion(rfc6962.DefaultHasher,
		uint64(given.Index), uint64(given.Size), leaf[:], raw, root[:])
	record := tlog.CheckRecord(hashes, given.Size, root, given.Index, leaf)
	return verdict{merkle == nil, record == nil}, nil
}

func judgeConsistency(given consistencyCase) (verdict, error) {
	from, err := parseHash(given.FromRoot)
	if err != nil {
		return verdict{}, err
	}
	to, err := parseHash(given.ToRoot)
	if err != nil {
		return verdict{}, err
	}
	hashes, raw, err := parseHashes(given.Hashes)
	if err != nil {
		return verdict{}, err
	}
	merkle := proof.VerifyConsistency(rfc6962.DefaultHasher,
		uint64(given.From), uint64(given.To), raw, from[:], to[:])
	tree := tlog.CheckTree(hashes, given.To, to, given.From, from)
	return verdict{merkle == nil, tree == nil}, nil
}

func parseHashes(texts []string) ([]tlog.Hash, [][]byte, error) {
	hashes := []tlog.Hash{}
	raw := [][]byte{}
	for _, text := range texts {
		hash, err := parseHash(text)
		if err != nil {
			return nil, nil, err
		}
		hashes = append(hashes, hash)
		raw = append(raw, hash[:])
	}
	return hashes, raw, nil
}

func parseHash(text string) (tlog.Hash, error) {
	var hash tlog.Hash
	if len(text) != hex.EncodedLen(len(hash)) {
		return hash, hex.ErrLength
	}
	_, err := hex.Decode(hash[:], []byte(text))
	return hash, err
}
