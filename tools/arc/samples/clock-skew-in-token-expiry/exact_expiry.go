package auth

func (v *Verifier) Verify(raw string) (*Claims, error) {
	claims, err := v.parse(raw)
	if err != nil {
		return nil, err
	}
	now := time.Now().Unix()
	if claims.ExpiresAt <= now {
		return nil, ErrExpired
	}
	if claims.IssuedAt > now || claims.NotBefore > now {
		return nil, ErrNotYetValid
	}
	return claims, nil
}
