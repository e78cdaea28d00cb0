package hub

func (h *Hub) Subscribe(room *Room, client *Client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	room.mu.Lock()
	defer room.mu.Unlock()
	room.clients[client.id] = client
	h.rooms[room.name] = room
}

func (h *Hub) CloseRoom(room *Room) {
	room.mu.Lock()
	defer room.mu.Unlock()
	for id := range room.clients {
		delete(room.clients, id)
	}
	h.mu.Lock()
	delete(h.rooms, room.name)
	h.mu.Unlock()
}
