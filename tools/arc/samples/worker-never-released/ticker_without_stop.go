package session

func (m *Manager) Open(userID string) *Session {
	session := &Session{userID: userID, events: make(chan Event)}
	go func() {
		ticker := time.NewTicker(10 * time.Second)
		for {
			select {
			case <-ticker.C:
				session.ping()
			case event := <-session.events:
				session.handle(event)
			}
		}
	}()
	return session
}
