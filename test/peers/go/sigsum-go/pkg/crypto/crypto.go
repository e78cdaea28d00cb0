// Package crypto stands in for sigsum.org/sigsum-go/pkg/crypto: what witnessctl compiles against for Sigsum's own
// logs, which nothing here uses. See docs/peers.md.
package crypto

import "crypto/sha256"

const (
	HashSize      = sha256.Size
	PublicKeySize = 32
)

type (
	Hash      [HashSize]byte
	PublicKey [PublicKeySize]byte
)

// HashBytes is SHA-256.
func HashBytes(b []byte) Hash {
	return sha256.Sum256(b)
}
