import type { RuleSamples } from '../../rule-samples.ts'
import { gin, handler, source } from './snippets.ts'

export const TOKEN_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'go-jwt-not-verified': {
    positive: [
      handler(
        'token, _, err := new(jwt.Parser).ParseUnverified(r.Header.Get("Authorization"), claims)',
        'github.com/golang-jwt/jwt/v5',
      ),
      source(
        'func key(t *jwt.Token) (any, error) { return jwt.UnsafeAllowNoneSignatureType, nil }',
        'github.com/golang-jwt/jwt/v5',
      ),
      source(
        'func issue() { jwt.NewWithClaims(jwt.SigningMethodNone, claims) }',
        'github.com/golang-jwt/jwt/v5',
      ),
      source(
        'func read(text []byte) { jwt.Parse(text, jwt.WithVerify(false)) }',
        'github.com/lestrrat-go/jwx/v2/jwt',
      ),
      source(
        'func claims(token string) { parts := strings.Split(token, ".")\n\tdata, err := base64.RawURLEncoding.DecodeString(parts[1])\n\tjson.Unmarshal(data, &c) }',
        'encoding/base64',
        'strings',
      ),
    ],
    negative: [
      source(
        'func name(text string) { parts := strings.Split(text, ":")\n\tdata, err := base64.StdEncoding.DecodeString(parts[1]) }',
        'encoding/base64',
        'strings',
      ),
      source(
        'func read(text string) { jwt.ParseWithClaims(text, claims, key, jwt.WithValidMethods([]string{"RS256"})) }',
        'github.com/golang-jwt/jwt/v5',
      ),
      source(
        `func read(text string) (*jwt.Token, error) {
	unverified, _, err := parser.ParseUnverified(text, claims)
	key := keys[unverified.Header["kid"].(string)]
	return jwt.Parse(text, func(*jwt.Token) (any, error) { return key, nil })
}`,
        'github.com/golang-jwt/jwt/v5',
      ),
      source(
        'func read(text []byte) { jwt.Parse(text, jwt.WithVerify(true), jwt.WithKeySet(keys)) }',
        'github.com/lestrrat-go/jwx/v2/jwt',
      ),
    ],
  },
  'go-secret-compared-in-steps': {
    positive: [
      handler(
        'mac := hmac.New(sha256.New, key)\nmac.Write(body)\nif hex.EncodeToString(mac.Sum(nil)) == r.Header.Get("X-Signature") {\n\tok()\n}',
        'crypto/hmac',
        'crypto/sha256',
        'encoding/hex',
      ),
      handler('if r.Header.Get("X-Api-Key") != apiKey {\n\treturn\n}'),
      gin('token := c.GetHeader("X-Token")\nif token == s.adminToken {\n\tnext()\n}'),
      source(
        'func check(signature, expectedSignature []byte) bool { return bytes.Equal(signature, expectedSignature) }',
        'bytes',
        'crypto/hmac',
      ),
    ],
    negative: [
      source(
        'func check(key, text, given []byte) bool { mac := hmac.New(sha256.New, key)\n\tmac.Write(text)\n\treturn subtle.ConstantTimeCompare(mac.Sum(nil), given) == 1 }',
        'crypto/hmac',
        'crypto/sha256',
        'crypto/subtle',
      ),
      handler('if !hmac.Equal(sum, []byte(r.Header.Get("X-Signature"))) {\n\treturn\n}', 'crypto/hmac'),
      handler('token := r.Header.Get("Authorization")\nif token == "" {\n\treturn\n}'),
      source(
        'func next(p *Parser) bool { return p.token == token.EOF || p.token != p.expected }',
        'go/token',
        'net/http',
      ),
      handler('if r.FormValue("password") != r.FormValue("confirm_password") {\n\treturn\n}'),
      source(
        'func same(a, b []byte) bool { return bytes.Equal(a, b) }\nvar token string',
        'bytes',
        'crypto/sha256',
      ),
      handler(
        'if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Token")), token) != 1 {\n\treturn\n}',
        'crypto/subtle',
      ),
    ],
  },
}
