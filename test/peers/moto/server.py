"""moto's server, with what its KMS says of itself that it has not: `Sign` with `MessageType: DIGEST`.

AWS's own takes a digest in place of the message and signs that
(https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html); moto 5.2 would hash it once more.
"""

import threading

from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.kms.responses import KmsResponse
from moto.kms.utils import RSAPrivateKey
from moto.server import main

this_request = threading.local()
answer_sign = KmsResponse.sign


def sign(self):
    this_request.message_type = self._get_param("MessageType")
    return answer_sign(self)


def sign_with_rsa(self, message, signing_algorithm):
    padding, hash_algorithm = self._RSAPrivateKey__padding_and_hash_algorithm(signing_algorithm)
    if this_request.message_type == "DIGEST":
        hash_algorithm = Prehashed(hash_algorithm)
    return self.private_key.sign(message, padding, hash_algorithm)


KmsResponse.sign = sign
RSAPrivateKey.sign = sign_with_rsa

if __name__ == "__main__":
    main()
