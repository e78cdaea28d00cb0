import type { RuleSamples } from '../../rule-samples.ts'

export const CIPHER_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-broken-cipher': {
    positive: [
      'from Crypto.Cipher import DES\n\ncipher = DES.new(key, DES.MODE_CBC, iv)',
      'from Cryptodome.Cipher import ARC4 as RC4\n\nRC4.new(key).encrypt(data)',
      'from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\n\ncipher = Cipher(algorithms.TripleDES(key), modes.CBC(iv))',
      'from Crypto.Cipher import Blowfish\n\ndef make(key):\n    return Blowfish.new(key, Blowfish.MODE_CBC)',
    ],
    negative: [
      'from Crypto.Cipher import AES  # not DES\n\ncipher = AES.new(key, AES.MODE_GCM)',
      'from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305\n\n# unlike ARC4\ncipher = ChaCha20Poly1305(key)',
      'import hashlib\n\nDESCRIPTION = "x"\nhashlib.new("sha256")',
      'from shapes import Blowfish\n\nfish = Blowfish.new("puffy")',
    ],
  },
  'py-ecb-mode': {
    positive: [
      'from Crypto.Cipher import AES\n\ncipher = AES.new(key, AES.MODE_ECB)',
      'from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\n\nCipher(algorithms.AES(key), modes.ECB())',
      'from Crypto.Cipher import AES\n\nmode = AES.MODE_ECB\ncipher = AES.new(key, mode)',
    ],
    negative: [
      'from Crypto.Cipher import AES\n\ncipher = AES.new(key, AES.MODE_GCM)  # not ECB',
      'from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\n\n# ECB leaks\nCipher(algorithms.AES(key), modes.CBC(iv))',
      'from banks import ECB\n\nrate = ECB()\nAES.new(ECB)',
    ],
  },
  'py-static-iv': {
    positive: [
      'from Crypto.Cipher import AES\n\nIV = b"0123456789abcdef"\n\ndef seal(key, data):\n    return AES.new(key, AES.MODE_CBC, IV).encrypt(data)',
      'from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\n\ndef seal(key):\n    return Cipher(algorithms.AES(key), modes.CBC(b"\\x00" * 16))',
      'from cryptography.hazmat.primitives.ciphers.aead import AESGCM\n\ndef seal(key, data):\n    return AESGCM(key).encrypt(b"fixed-nonce!", data, None)',
      'from Crypto.Cipher import AES\n\ndef seal(key, data):\n    cipher = AES.new(key, AES.MODE_GCM, nonce=bytes(12))\n    return cipher.encrypt(data)',
    ],
    negative: [
      'import os\nfrom Crypto.Cipher import AES\n\ndef seal(key, data):\n    iv = os.urandom(16)\n    return iv + AES.new(key, AES.MODE_CBC, iv).encrypt(data)',
      'import os\nfrom cryptography.hazmat.primitives.ciphers.aead import AESGCM\n\ndef seal(key, data):\n    nonce = os.urandom(12)\n    return nonce + AESGCM(key).encrypt(nonce, data, None)',
      'from Crypto.Cipher import AES\n\ndef open_(key, message):\n    return AES.new(key, AES.MODE_CBC, message[:16]).decrypt(message[16:])',
      'from Crypto.Cipher import AES\n\ndef seal(key, data):\n    return AES.new(key, AES.MODE_GCM).encrypt(b"header")',
    ],
  },
  'py-short-key': {
    positive: [
      'from cryptography.hazmat.primitives.asymmetric import rsa\n\nkey = rsa.generate_private_key(public_exponent=65537, key_size=1024)',
      'from Crypto.PublicKey import RSA\n\nBITS = 1024\nkey = RSA.generate(BITS)',
      'from cryptography.hazmat.primitives.asymmetric import ec\n\nkey = ec.generate_private_key(ec.SECP192R1())',
      'from cryptography.hazmat.primitives.asymmetric import dsa\n\nkey = dsa.generate_private_key(key_size=1024)',
    ],
    negative: [
      'from cryptography.hazmat.primitives.asymmetric import rsa\n\nkey = rsa.generate_private_key(public_exponent=65537, key_size=2048)',
      'from Crypto.PublicKey import RSA\n\nkey = RSA.generate(4096)',
      'from cryptography.hazmat.primitives.asymmetric import ec\n\nkey = ec.generate_private_key(ec.SECP256R1())',
      'import dh\n\nreport = pages.generate(12)',
    ],
  },
}
