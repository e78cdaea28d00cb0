package hooks

func VerifyRaw(body, signature, secret []byte) bool {
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	return bytes.Equal(mac.Sum(nil), signature)
}
