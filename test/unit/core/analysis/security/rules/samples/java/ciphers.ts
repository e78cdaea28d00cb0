import type { RuleSamples } from '../../rule-samples.ts'
import { type } from './snippets.ts'

export const CIPHER_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-weak-cipher': {
    positive: [
      type('Cipher open() throws Exception { return Cipher.getInstance("DES/CBC/PKCS5Padding"); }'),
      type(
        'private static final String ALGORITHM = "Blowfish";\nCipher open() throws Exception { return Cipher.getInstance(ALGORITHM); }',
      ),
      type('SecretKey make() throws Exception { return KeyGenerator.getInstance("RC4").generateKey(); }'),
      type(
        'Cipher open() throws Exception { String name = "DESede"; return javax.crypto.Cipher.getInstance(name + "/CBC/PKCS5Padding"); }',
      ),
    ],
    negative: [
      type(
        'Cipher open() throws Exception { return Cipher.getInstance("AES/GCM/NoPadding"); }\nString description = "DES is broken";',
      ),
      type(
        'Cipher open(String name) throws Exception { return Cipher.getInstance(name); }\nString old = "RC4";',
      ),
      type('Shape shape() { return Shapes.getInstance("DES"); }'),
    ],
  },
  'java-ecb-mode': {
    positive: [
      type('Cipher open() throws Exception { return Cipher.getInstance("AES/ECB/PKCS5Padding"); }'),
      type('Cipher open() throws Exception { return Cipher.getInstance("AES"); }'),
      type(
        'static final String MODE = "AES/ECB/NoPadding";\nvoid run() throws Exception { Cipher cipher = Cipher.getInstance(MODE); }',
      ),
    ],
    negative: [
      type('Cipher open() throws Exception { return Cipher.getInstance("AES/GCM/NoPadding"); }'),
      type(
        'Cipher open() throws Exception { return Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding"); }',
      ),
      type(
        'SecretKey make() throws Exception { return KeyGenerator.getInstance("AES").generateKey(); }\nCipher unused;',
      ),
    ],
  },
  'java-static-nonce': {
    positive: [
      type('IvParameterSpec iv() { return new IvParameterSpec("0123456789abcdef".getBytes()); }'),
      type(
        'private static final byte[] IV = new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };\nvoid seal(Cipher c, Key k) throws Exception { c.init(Cipher.ENCRYPT_MODE, k, new GCMParameterSpec(128, IV)); }',
      ),
      type(
        'void seal(Cipher c, Key k) throws Exception { byte[] iv = new byte[16]; c.init(1, k, new IvParameterSpec(iv)); }',
      ),
      type('void seal(String key) { IvParameterSpec iv = new IvParameterSpec(key.getBytes(UTF_8)); }'),
    ],
    negative: [
      type(
        'void seal(Cipher c, Key k) throws Exception { byte[] iv = new byte[12]; random.nextBytes(iv); c.init(1, k, new GCMParameterSpec(128, iv)); }',
      ),
      type(
        'void open(byte[] message) { byte[] iv = Arrays.copyOfRange(message, 0, 16); IvParameterSpec spec = new IvParameterSpec(iv); }',
      ),
      type(
        'void open(ByteBuffer message) { byte[] iv = new byte[12]; message.get(iv); GCMParameterSpec spec = new GCMParameterSpec(128, iv); }',
      ),
      type('void open(byte[] iv) { IvParameterSpec spec = new IvParameterSpec(iv); }'),
    ],
  },
  'java-short-rsa-key': {
    positive: [
      type(
        'KeyPair make() throws Exception { KeyPairGenerator g = KeyPairGenerator.getInstance("RSA"); g.initialize(1024); return g.generateKeyPair(); }',
      ),
      type(
        'static final int BITS = 512;\nvoid make() throws Exception { KeyPairGenerator g = KeyPairGenerator.getInstance("DSA"); g.initialize(BITS, random); }',
      ),
      type(
        'void make(KeyPairGenerator g) throws Exception { g.initialize(new RSAKeyGenParameterSpec(1024, RSAKeyGenParameterSpec.F4)); }',
      ),
    ],
    negative: [
      type(
        'void make() throws Exception { KeyPairGenerator g = KeyPairGenerator.getInstance("RSA"); g.initialize(2048); }',
      ),
      type(
        'void make() throws Exception { KeyPairGenerator g = KeyPairGenerator.getInstance("EC"); g.initialize(256); }',
      ),
      type(
        'void make(int bits) throws Exception { KeyPairGenerator g = KeyPairGenerator.getInstance("RSA"); g.initialize(bits); pool.initialize(10); }',
      ),
    ],
  },
  'java-predictable-seed': {
    positive: [
      type(
        'SecureRandom random() { SecureRandom random = new SecureRandom(); random.setSeed(System.currentTimeMillis()); return random; }',
      ),
      type('SecureRandom random() { return new SecureRandom("shop".getBytes()); }'),
      type('private final SecureRandom random = new SecureRandom();\nvoid start() { random.setSeed(42); }'),
    ],
    negative: [
      type('SecureRandom random() { return new SecureRandom(); }'),
      type('void start(SecureRandom random) { random.setSeed(random.generateSeed(16)); }'),
      type('void simulate() { Random dice = new Random(); dice.setSeed(42); }\nSecureRandom other;'),
    ],
  },
}
