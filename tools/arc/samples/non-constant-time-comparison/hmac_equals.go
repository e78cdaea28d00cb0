package hooks

func Verify(body []byte, header string, secret []byte) error {
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	expected := hex.EncodeToString(mac.Sum(nil))
	if header != "sha256="+expected {
		return ErrBadSignature
	}
	return nil
}
