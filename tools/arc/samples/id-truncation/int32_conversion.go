package events

func (h *Handler) Get(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		http.Error(w, "bad id", http.StatusBadRequest)
		return
	}
	event, err := h.store.Find(r.Context(), int32(id))
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	event.Size = int32(event.Length)
	event.ExpiresAt = int32(event.CreatedAt.Unix()) + int32(event.TTL)
	json.NewEncoder(w).Encode(event)
}
