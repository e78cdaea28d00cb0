package api

func (h *Handler) ListEvents(w http.ResponseWriter, r *http.Request) {
	rows, err := h.db.QueryContext(r.Context(), "SELECT id, kind, at FROM events ORDER BY at DESC")
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	events := []Event{}
	for rows.Next() {
		var event Event
		if err := rows.Scan(&event.ID, &event.Kind, &event.At); err != nil {
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		events = append(events, event)
	}
	json.NewEncoder(w).Encode(events)
}
