import type { RuleSamples } from '../../rule-samples.ts'
import { rest, servlet, type } from './snippets.ts'

export const TOKEN_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-jwt-not-verified': {
    positive: [
      type(
        'String user(String token) { DecodedJWT jwt = JWT.decode(token); return jwt.getSubject(); }',
        'com.auth0.jwt.JWT',
      ),
      type(
        'Claims claims(String token) { return Jwts.parserBuilder().build().parseClaimsJwt(token).getBody(); }',
      ),
      type('String issue() { return JWT.create().withSubject("a").sign(Algorithm.none()); }'),
      type(
        'String user(String token) throws Exception { return SignedJWT.parse(token).getJWTClaimsSet().getSubject(); }',
      ),
      type(
        'String user(String token) { String[] parts = token.split("\\\\."); return new String(Base64.getUrlDecoder().decode(parts[1])); }',
      ),
      type('String issue(String user) { return Jwts.builder().setSubject(user).compact(); }'),
    ],
    negative: [
      type(
        'boolean isPlain(Header jwt) { return jwt.alg == SignatureAlgorithm.NONE || jwt.getAlg().equals(Algorithm.none); }',
      ),
      type(
        'DecodedJWT user(String token) { return JWT.require(algorithm).build().verify(token); }',
        'com.auth0.jwt.JWT',
      ),
      type(
        'DecodedJWT user(String token) { String kid = JWT.decode(token).getKeyId(); return JWT.require(key(kid)).build().verify(token); }',
        'com.auth0.jwt.JWT',
      ),
      type(
        'String user(String token) throws Exception { SignedJWT jwt = SignedJWT.parse(token); if (!jwt.verify(verifier)) throw new IOException(); return jwt.getPayload().toString(); }',
      ),
      type('String issue(String user) { return Jwts.builder().setSubject(user).signWith(key).compact(); }'),
      type(
        'byte[] image(String text) { String[] parts = text.split(","); return Base64.getUrlDecoder().decode(parts[1]); }',
      ),
    ],
  },
  'java-secret-compared-in-steps': {
    positive: [
      servlet('if (!apiKey.equals(request.getHeader("X-Api-Key"))) {\n  response.sendError(401);\n}'),
      type(
        'boolean check(Mac mac, byte[] body, String given) { String computed = hex(mac.doFinal(body)); return computed.equals(given); }\nString signature;',
      ),
      rest(
        '@PostMapping("/hook")\nvoid hook(@RequestHeader("X-Signature") String signature, @RequestBody String body) { if (!sign(body).equals(signature)) throw new IllegalStateException(); }',
      ),
      type(
        'boolean check(byte[] signature, byte[] expectedSignature) { return Arrays.equals(signature, expectedSignature); }',
      ),
    ],
    negative: [
      type(
        'boolean check(byte[] signature, byte[] expectedSignature) { return MessageDigest.isEqual(signature, expectedSignature); }\nboolean same(Object o) { return this.equals(o); }',
      ),
      servlet('if ("".equals(request.getParameter("token"))) {\n  return;\n}'),
      servlet(
        'if (!request.getParameter("password").equals(request.getParameter("confirmPassword"))) {\n  return;\n}',
      ),
      type('boolean is(Token token) { return token.equals(Token.EOF) || token.getType().equals(type); }'),
      rest(
        '@GetMapping("/x")\nboolean x(@RequestParam String color) { return color.equals(favourite); }\nString token;',
      ),
    ],
  },
}
