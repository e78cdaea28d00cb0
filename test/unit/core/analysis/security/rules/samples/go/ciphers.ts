import type { RuleSamples } from '../../rule-samples.ts'
import { source } from './snippets.ts'

export const CIPHER_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'go-weak-cipher': {
    positive: [
      source('func open(key []byte) { block, err := des.NewCipher(key) }', 'crypto/des'),
      source('func open(key []byte) { stream, err := rc4.NewCipher(key) }', 'crypto/rc4'),
      source(
        'func open(key []byte) (cipher.Block, error) { return des.NewTripleDESCipher(key) }',
        'crypto/cipher',
        'crypto/des',
      ),
      source('func open(key []byte) { b, _ := blowfish.NewCipher(key) }', 'golang.org/x/crypto/blowfish'),
    ],
    negative: [
      source('func open(key []byte) { block, err := aes.NewCipher(key) }', 'crypto/aes'),
      source('func open(des Factory) { des.NewCipher("a") }', 'crypto/aes'),
      source(
        'const name = "crypto/des"\nfunc open(key []byte) { chacha20.NewUnauthenticatedCipher(key, n) }',
        'golang.org/x/crypto/chacha20',
      ),
    ],
  },
  'go-block-by-block-encryption': {
    positive: [
      source(
        `func encrypt(key, text []byte) []byte {
	block, _ := aes.NewCipher(key)
	out := make([]byte, len(text))
	for i := 0; i < len(text); i += aes.BlockSize {
		block.Encrypt(out[i:i+aes.BlockSize], text[i:i+aes.BlockSize])
	}
	return out
}`,
        'crypto/aes',
      ),
      source(
        `func encrypt(block cipher.Block, out, in []byte) {
	for len(in) > 0 {
		block.Encrypt(out, in[:16])
		in = in[16:]
		out = out[16:]
	}
}
var size = aes.BlockSize`,
        'crypto/aes',
        'crypto/cipher',
      ),
      source(
        `func seal(key []byte, blocks [][]byte) {
	c, _ := des.NewTripleDESCipher(key)
	for _, b := range blocks {
		c.Encrypt(b, b)
	}
}`,
        'crypto/des',
      ),
    ],
    negative: [
      source(
        `func seal(key, nonce, text []byte) []byte {
	block, _ := aes.NewCipher(key)
	gcm, _ := cipher.NewGCM(block)
	return gcm.Seal(nil, nonce, text, nil)
}`,
        'crypto/aes',
        'crypto/cipher',
      ),
      source(
        'func one(block cipher.Block, out, in []byte) { block.Encrypt(out, in) }\nvar n = aes.BlockSize',
        'crypto/aes',
        'crypto/cipher',
      ),
      source(
        `func encrypt(block cipher.Block, out, in, previous []byte) {
	for i := 0; i < len(in); i += aes.BlockSize {
		subtle.XORBytes(out[i:], in[i:], previous)
		block.Encrypt(out[i:], out[i:])
	}
}`,
        'crypto/aes',
        'crypto/cipher',
        'crypto/subtle',
      ),
    ],
  },
  'go-static-nonce': {
    positive: [
      source(
        'var iv = []byte("0123456789abcdef")\nfunc encrypt(b cipher.Block) { cipher.NewCBCEncrypter(b, iv) }',
        'crypto/cipher',
      ),
      source(
        'func seal(gcm cipher.AEAD, text []byte) []byte { nonce := make([]byte, 12)\n\treturn gcm.Seal(nil, nonce, text, nil) }',
        'crypto/cipher',
      ),
      source(
        'func stream(b cipher.Block, key []byte) { cipher.NewCTR(b, key[:aes.BlockSize]) }',
        'crypto/aes',
        'crypto/cipher',
      ),
      source(
        'func seal(gcm cipher.AEAD, text []byte) { gcm.Seal(nil, []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, text, nil) }',
        'crypto/cipher',
      ),
      source(
        'func box(text []byte, key *[32]byte) { var nonce [24]byte\n\tsecretbox.Seal(nil, text, &nonce, key) }',
        'golang.org/x/crypto/nacl/secretbox',
      ),
    ],
    negative: [
      source(
        `func seal(gcm cipher.AEAD, text []byte) []byte {
	nonce := make([]byte, gcm.NonceSize())
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		panic(err)
	}
	return gcm.Seal(nonce, nonce, text, nil)
}`,
        'crypto/cipher',
        'crypto/rand',
        'io',
      ),
      source('func encrypt(b cipher.Block, iv []byte) { cipher.NewCBCEncrypter(b, iv) }', 'crypto/cipher'),
      source(
        'func decrypt(b cipher.Block, data []byte) { iv := data[:16]\n\tcipher.NewCTR(b, iv) }',
        'crypto/cipher',
      ),
      source(
        'func box(text []byte, key *[32]byte) { var nonce [24]byte\n\trand.Read(nonce[:])\n\tsecretbox.Seal(nonce[:], text, &nonce, key) }',
        'crypto/rand',
        'golang.org/x/crypto/nacl/secretbox',
      ),
    ],
  },
  'go-short-rsa-key': {
    positive: [
      source('func make() { key, err := rsa.GenerateKey(rand.Reader, 1024) }', 'crypto/rand', 'crypto/rsa'),
      source(
        'const bits = 512\nfunc make() { rsa.GenerateKey(rand.Reader, bits) }',
        'crypto/rand',
        'crypto/rsa',
      ),
      source(
        'func make() { size := 1 << 10\n\trsa.GenerateKey(rand.Reader, size) }',
        'crypto/rand',
        'crypto/rsa',
      ),
    ],
    negative: [
      source('func make() { rsa.GenerateKey(rand.Reader, 2048) }', 'crypto/rand', 'crypto/rsa'),
      source('func make(bits int) { rsa.GenerateKey(rand.Reader, bits) }', 'crypto/rand', 'crypto/rsa'),
      source(
        'func make() { ecdsa.GenerateKey(elliptic.P256(), rand.Reader)\n\tkeys.GenerateKey(256) }',
        'crypto/ecdsa',
        'crypto/rsa',
      ),
    ],
  },
}
