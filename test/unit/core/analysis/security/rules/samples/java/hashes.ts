import type { RuleSamples } from '../../rule-samples.ts'
import { type } from './snippets.ts'

export const HASH_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-weak-hash': {
    positive: [
      type(
        'byte[] store(String password) throws Exception { MessageDigest md = MessageDigest.getInstance("MD5"); return md.digest(password.getBytes()); }',
        'java.security.*',
      ),
      type(
        'String hashPassword(String plain) throws Exception { MessageDigest d = MessageDigest.getInstance("SHA-1"); d.update(plain.getBytes()); return hex(d.digest()); }',
        'java.security.*',
      ),
      type(
        'void create(User user) { user.setPassword(DigestUtils.md5Hex(user.getPassword())); }',
        'org.apache.commons.codec.digest.DigestUtils',
      ),
      type(
        'byte[] sign(PrivateKey key, byte[] text) throws Exception { Signature s = Signature.getInstance("SHA1withRSA"); s.initSign(key); return s.sign(); }',
        'java.security.*',
      ),
      type(
        'private static final String ALGORITHM = "MD5";\nString token(String user) throws Exception { return hex(MessageDigest.getInstance(ALGORITHM).digest(user.getBytes())); }',
        'java.security.*',
      ),
    ],
    negative: [
      type(
        'String etag(byte[] body) throws Exception { return hex(MessageDigest.getInstance("MD5").digest(body)); }',
        'java.security.*',
      ),
      type(
        'String cacheKey(String token) { return DigestUtils.md5Hex(token); }',
        'org.apache.commons.codec.digest.DigestUtils',
      ),
      type(
        'byte[] checksum(Path file) throws Exception { MessageDigest md = MessageDigest.getInstance("SHA-1"); return md.digest(Files.readAllBytes(file)); }',
        'java.security.*',
      ),
      type('String gravatar(String email) { return DigestUtils.md5Hex(email.trim()); }'),
      type(
        'byte[] sign(PrivateKey key) throws Exception { return Signature.getInstance("SHA256withRSA").sign(); }\nString old = "SHA1";',
      ),
    ],
  },
  'java-fast-password-hash': {
    positive: [
      type(
        'byte[] store(String password) throws Exception { MessageDigest md = MessageDigest.getInstance("SHA-256"); md.update(salt); return md.digest(password.getBytes()); }',
      ),
      type('String store(User user) { return DigestUtils.sha256Hex(user.getPassword() + user.getSalt()); }'),
      type('PasswordEncoder encoder() { return NoOpPasswordEncoder.getInstance(); }\nString password;'),
      type('PasswordEncoder encoder() { return new StandardPasswordEncoder("pepper"); }\nString password;'),
    ],
    negative: [
      type(
        'byte[] id(byte[] content) throws Exception { return MessageDigest.getInstance("SHA-256").digest(content); }\nString password;',
      ),
      type('PasswordEncoder encoder() { return new BCryptPasswordEncoder(12); }\nString password;'),
      type('String lookup(String apiKey) { return DigestUtils.sha256Hex(apiKey); }\nString password;'),
    ],
  },
  'java-weak-key-derivation': {
    positive: [
      type(
        'KeySpec spec(char[] password, byte[] salt) { return new PBEKeySpec(password, salt, 1000, 256); }',
      ),
      type(
        'private static final int ROUNDS = 10_000;\nKeySpec spec(char[] password, byte[] salt) { return new PBEKeySpec(password, salt, ROUNDS, 256); }',
      ),
      type('PasswordEncoder encoder() { return new BCryptPasswordEncoder(4); }'),
      type('String hash(String password) { return BCrypt.hashpw(password, BCrypt.gensalt(6)); }'),
    ],
    negative: [
      type(
        'KeySpec spec(char[] password, byte[] salt) { return new PBEKeySpec(password, salt, 600_000, 256); }',
      ),
      type(
        'PasswordEncoder encoder() { return new BCryptPasswordEncoder(); }\nPasswordEncoder other() { return new BCryptPasswordEncoder(12); }',
      ),
      type(
        'KeySpec spec(char[] password, byte[] salt, int rounds) { return new PBEKeySpec(password, salt, rounds, 256); }',
      ),
      type('String hash(String password) { return BCrypt.hashpw(password, BCrypt.gensalt(12)); }'),
    ],
  },
  'java-static-salt': {
    positive: [
      type(
        'KeySpec spec(char[] password) { return new PBEKeySpec(password, "salt".getBytes(), 600000, 256); }',
      ),
      type(
        'private static final byte[] SALT = { 1, 2, 3, 4, 5, 6, 7, 8 };\nKeySpec spec(char[] password) { return new PBEKeySpec(password, SALT, 600000, 256); }',
      ),
      type(
        'KeySpec spec(char[] password) { byte[] salt = new byte[16]; return new PBEKeySpec(password, salt, 600000, 256); }',
      ),
    ],
    negative: [
      type(
        'KeySpec spec(char[] password) { byte[] salt = new byte[16]; new SecureRandom().nextBytes(salt); return new PBEKeySpec(password, salt, 600000, 256); }',
      ),
      type(
        'KeySpec spec(char[] password, byte[] salt) { return new PBEKeySpec(password, salt, 600000, 256); }',
      ),
      type('KeySpec spec(User user) { return new PBEKeySpec(user.chars(), user.getSalt(), 600000, 256); }'),
    ],
  },
}
