import type { RuleSamples } from '../../rule-samples.ts'
import { source } from './snippets.ts'

export const TLS_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'go-tls-verification-off': {
    positive: [
      source(
        'var t = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}',
        'crypto/tls',
        'net/http',
      ),
      source(
        'func dial() { config := tls.Config{}\n\tconfig.InsecureSkipVerify = true\n\ttls.Dial("tcp", host, &config) }',
        'crypto/tls',
      ),
      source(
        'func client(c *http.Client) { c.Transport.(*http.Transport).TLSClientConfig.InsecureSkipVerify = true }',
        'net/http',
      ),
    ],
    negative: [
      source('var c = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}', 'crypto/tls'),
      source('var c = &tls.Config{InsecureSkipVerify: false}', 'crypto/tls'),
      source('var c = &tls.Config{InsecureSkipVerify: true, VerifyConnection: verifyPinned}', 'crypto/tls'),
      source(
        'func config(o Options) *tls.Config { return &tls.Config{InsecureSkipVerify: o.Insecure} }',
        'crypto/tls',
      ),
    ],
  },
  'go-ssh-host-key-ignored': {
    positive: [
      source(
        'var c = &ssh.ClientConfig{User: "app", HostKeyCallback: ssh.InsecureIgnoreHostKey()}',
        'golang.org/x/crypto/ssh',
      ),
      source(
        'func dial() { check := ssh.InsecureIgnoreHostKey()\n\tconnect(check) }',
        'golang.org/x/crypto/ssh',
      ),
      source(
        'var c = ssh.ClientConfig{HostKeyCallback: func(h string, a net.Addr, k ssh.PublicKey) error { return nil }}',
        'golang.org/x/crypto/ssh',
        'net',
      ),
    ],
    negative: [
      source('var c = ssh.ClientConfig{HostKeyCallback: ssh.FixedHostKey(key)}', 'golang.org/x/crypto/ssh'),
      source(
        'func config() { check, err := knownhosts.New("known_hosts")\n\tuse(ssh.ClientConfig{HostKeyCallback: check}) }',
        'golang.org/x/crypto/ssh',
        'golang.org/x/crypto/ssh/knownhosts',
      ),
      source(
        'var c = ssh.ClientConfig{HostKeyCallback: func(h string, a net.Addr, k ssh.PublicKey) error { return compare(h, k) }}',
        'golang.org/x/crypto/ssh',
        'net',
      ),
    ],
  },
  'go-tls-old-version': {
    positive: [
      source('var c = &tls.Config{MinVersion: tls.VersionTLS10}', 'crypto/tls'),
      source('func old(c *tls.Config) { c.MinVersion = tls.VersionSSL30 }', 'crypto/tls'),
      source(
        'var c = tls.Config{\n\tMinVersion: tls.VersionTLS12,\n\tMaxVersion: tls.VersionTLS11,\n}',
        'crypto/tls',
      ),
    ],
    negative: [
      source('var c = &tls.Config{MinVersion: tls.VersionTLS12}', 'crypto/tls'),
      source(
        'func is(v uint16) bool { return v == tls.VersionTLS10 }\nvar c = tls.Config{MinVersion: tls.VersionTLS13}',
        'crypto/tls',
      ),
      source(
        'var names = map[uint16]string{tls.VersionTLS10: "1.0", tls.VersionTLS11: "1.1"}\nvar MinVersion = 3',
        'crypto/tls',
      ),
    ],
  },
  'go-tls-broken-cipher-suite': {
    positive: [
      source('var c = tls.Config{CipherSuites: []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}}', 'crypto/tls'),
      source(
        'var c = &tls.Config{CipherSuites: []uint16{\n\ttls.TLS_AES_128_GCM_SHA256,\n\ttls.TLS_RSA_WITH_3DES_EDE_CBC_SHA,\n}}',
        'crypto/tls',
      ),
      source(
        'func make() *tls.Config { return &tls.Config{MinVersion: 771, CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA}} }',
        'crypto/tls',
      ),
    ],
    negative: [
      source('var c = tls.Config{CipherSuites: []uint16{tls.TLS_AES_128_GCM_SHA256}}', 'crypto/tls'),
      source(
        'var broken = []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}\nvar c = tls.Config{CipherSuites: without(broken)}',
        'crypto/tls',
      ),
      source(
        'var names = map[uint16]string{tls.TLS_RSA_WITH_RC4_128_SHA: "old"}\ntype T struct { CipherSuites []uint16 }',
        'crypto/tls',
      ),
    ],
  },
}
